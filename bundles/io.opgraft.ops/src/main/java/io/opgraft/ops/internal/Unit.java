package io.opgraft.ops.internal;

import io.opgraft.ops.LibraryFacts;
import io.opgraft.probe.Finding;
import io.opgraft.probe.LibraryFiles;
import io.opgraft.probe.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Op libraries of one folder that are loaded together, usually one, with what their files say.
 *
 * @param digest of what was delivered
 * @param members their paths as delivered
 * @param files their paths in the order of loading, as they are after the repair; empty if they are refused
 * @param findings worst first
 * @param facts how they were built
 */
record Unit(String digest, List<String> members, List<String> files, List<Finding> findings, LibraryFacts facts) {
    static final Comparator<Finding> WORST_FIRST =
            Comparator.comparing(Finding::verdict).reversed();

    Unit {
        members = List.copyOf(members);
        files = List.copyOf(files);
        List<Finding> sorted = new ArrayList<>(findings);
        sorted.sort(WORST_FIRST);
        findings = List.copyOf(sorted);
    }

    /** Why its files must not be loaded; null if they may. */
    Finding refusal() {
        return findings.isEmpty() || findings.get(0).verdict() != Verdict.REFUSED ? null : findings.get(0);
    }

    /** The files of a copy of the folder. */
    LibraryFiles in(Path folder) {
        List<Path> paths = files.stream().map(folder::resolve).toList();
        return new LibraryFiles(folder, paths.get(paths.size() - 1), paths.subList(0, paths.size() - 1));
    }
}
