package io.opgraft.ops;

import io.opgraft.probe.Finding;
import io.opgraft.probe.ProbeReport;
import io.opgraft.probe.Verdict;
import java.util.List;
import java.util.Objects;

/**
 * The judgement of an op library: what its files say and what a trial load showed.
 *
 * @param verdict the worst of the findings
 * @param findings worst first
 * @param probe what the trial showed; null if there was none, because the files were refused or no framework is there
 * @param loadedDigest lower-case SHA-256 over the repaired files; empty if there are none
 * @param facts how it was built
 */
public record LibraryReport(
        Verdict verdict, List<Finding> findings, ProbeReport probe, String loadedDigest, LibraryFacts facts) {
    /** Not judged yet. */
    public static final LibraryReport NONE =
            new LibraryReport(Verdict.ISOLATABLE, List.of(), null, "", LibraryFacts.NONE);

    /** Takes a copy. */
    public LibraryReport {
        Objects.requireNonNull(verdict, "verdict");
        findings = List.copyOf(findings);
        Objects.requireNonNull(loadedDigest, "loadedDigest");
        Objects.requireNonNull(facts, "facts");
    }
}
