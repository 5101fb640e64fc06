package io.opgraft.tools.internal.wrap;

import io.opgraft.elf.LibraryFamily;
import io.opgraft.probe.ProbedOp;
import io.opgraft.tools.internal.files.FrameworkLibraries;
import io.opgraft.tools.internal.judge.Judge;
import io.opgraft.tools.internal.judge.Judgement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which of the judged libraries become op libraries of the bundle, and with which ops. */
final class Selection {
    private final List<Library> chosen = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /** One op library, with the ops that it registers itself and not through another op library that it needs. */
    record Library(Judge.Named named, LibraryFamily family, Judgement judgement, List<String> ops) {}

    private Selection() {}

    static Selection of(List<Judge.Named> libraries, List<Judgement> judgements) throws IOException {
        Map<Path, Set<String>> registered = new HashMap<>();
        Map<Judge.Named, Judgement> byName = new LinkedHashMap<>();
        for (int i = 0; i < libraries.size(); i++) {
            Judgement judgement = judgements.get(i);
            byName.put(libraries.get(i), judgement);
            if (!judgement.refused()) {
                Set<String> ops = new TreeSet<>();
                judgement.ops().stream().map(ProbedOp::name).forEach(ops::add);
                registered.put(libraries.get(i).file().toAbsolutePath().normalize(), ops);
            }
        }
        Selection selection = new Selection();
        Map<String, String> owners = new HashMap<>();
        for (Map.Entry<Judge.Named, Judgement> entry : byName.entrySet()) {
            if (!entry.getValue().refused()) {
                selection.add(entry.getKey(), entry.getValue(), registered, owners);
            }
        }
        return selection;
    }

    private void add(
            Judge.Named library, Judgement judgement, Map<Path, Set<String>> registered, Map<String, String> owners)
            throws IOException {
        LibraryFamily family = FrameworkLibraries.familyOf(library.file());
        Set<String> ops = new TreeSet<>(registered.get(family.library()));
        for (Path helper : family.files()) {
            if (!helper.equals(family.library())) {
                ops.removeAll(registered.getOrDefault(helper, Set.of()));
            }
        }
        Set<String> taken = new HashSet<>();
        for (String op : ops) {
            String owner = owners.putIfAbsent(op, library.name());
            if (owner != null) {
                taken.add(op);
                notes.add("left out: op " + op + " of " + library.name() + ", which " + owner + " has too");
            }
        }
        ops.removeAll(taken);
        chosen.add(new Library(library, family, judgement, List.copyOf(ops)));
    }

    /** Libraries that were not refused, also those without ops of their own. */
    List<Library> accepted() {
        return chosen;
    }

    List<Library> opLibraries() {
        return chosen.stream().filter(library -> !library.ops().isEmpty()).toList();
    }

    List<String> notes() {
        return notes;
    }
}
