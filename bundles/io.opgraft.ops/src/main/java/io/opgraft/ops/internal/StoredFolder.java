package io.opgraft.ops.internal;

import io.opgraft.ops.LibraryReport;
import io.opgraft.ops.StoredLibrary;
import io.opgraft.probe.Finding;
import io.opgraft.probe.LibraryFiles;
import io.opgraft.probe.ProbeReport;
import io.opgraft.probe.ProbedOp;
import io.opgraft.probe.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The private copy of a folder.
 *
 * @param digest of what was delivered, with what of it are op libraries
 * @param files the copied files; null if all of its libraries are refused and nothing was kept
 * @param record what it consists of
 */
record StoredFolder(String digest, Path files, FolderRecord record) {
    /** The unit that a library belongs to, by its path as delivered; null if it is no op library. */
    Unit unit(String library) {
        for (Unit unit : record.units()) {
            if (unit.members().contains(library)) {
                return unit;
            }
        }
        return null;
    }

    /** The unit of a digest; null if it has none. */
    Unit byDigest(String unitDigest) {
        for (Unit unit : record.units()) {
            if (unit.digest().equals(unitDigest)) {
                return unit;
            }
        }
        return null;
    }

    /** A unit as it is found by its digest. */
    StoredLibrary stored(Unit unit, Judgements.Kept kept) {
        List<Finding> findings = new ArrayList<>(unit.findings());
        findings.addAll(kept.judgement().findings());
        findings.sort(Unit.WORST_FIRST);
        ProbeReport probe = kept.judgement().probe();
        LibraryFiles loaded = files(unit);
        return new StoredLibrary(
                kept.framework(),
                probe == null
                        ? List.of()
                        : probe.ops().stream().map(ProbedOp::name).toList(),
                unit.digest(),
                loaded.library(),
                report(unit, findings, probe),
                loaded);
    }

    /** What is loaded for a unit; null if it is refused. */
    LibraryFiles files(Unit unit) {
        return files == null || unit.refusal() != null ? null : unit.in(files);
    }

    /** The judgement of a unit with what came to it later. */
    LibraryReport report(Unit unit, List<Finding> findings, ProbeReport probe) {
        Verdict verdict = Verdict.ISOLATABLE;
        for (Finding finding : findings) {
            verdict = verdict.worst(finding.verdict());
        }
        String loaded = files(unit) == null ? "" : record.loadedDigest();
        return new LibraryReport(verdict, findings, probe, loaded, unit.facts());
    }
}
