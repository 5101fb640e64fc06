package io.opgraft.tools.internal.lint;

import io.opgraft.probe.Verdict;
import io.opgraft.tools.internal.judge.Judgement;
import java.util.List;

/**
 * What lint found about one file.
 *
 * @param file as the user named it
 * @param libraries one for a plain library, one for each op library of a bundle or wheel
 * @param container whether the file holds libraries rather than being one
 * @param label name and version of a bundle or wheel; empty for a plain library
 */
record FileReport(String file, List<Judgement> libraries, boolean container, String label) {
    FileReport {
        libraries = List.copyOf(libraries);
    }

    static FileReport plain(Judgement judgement) {
        return new FileReport(judgement.name(), List.of(judgement), false, "");
    }

    Verdict verdict() {
        Verdict worst = Verdict.ISOLATABLE;
        for (Judgement library : libraries) {
            worst = worst.worst(library.verdict());
        }
        return worst;
    }
}
