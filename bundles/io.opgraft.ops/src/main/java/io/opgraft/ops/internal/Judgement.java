package io.opgraft.ops.internal;

import io.opgraft.probe.Finding;
import io.opgraft.probe.ProbeReport;
import java.util.List;

/**
 * What a framework says of a unit.
 *
 * @param findings from its files and from the trial
 * @param probe what the trial showed; null if there was none, or it failed
 * @param failure why the trial failed; empty if it did not
 */
record Judgement(List<Finding> findings, ProbeReport probe, String failure) {
    Judgement {
        findings = List.copyOf(findings);
    }
}
