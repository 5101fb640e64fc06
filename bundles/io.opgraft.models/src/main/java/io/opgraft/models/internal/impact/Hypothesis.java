package io.opgraft.models.internal.impact;

import io.opgraft.models.ChangeRefusedException;
import io.opgraft.models.ModelChanges.Change;
import io.opgraft.ops.LibraryReport;
import io.opgraft.ops.OpIndex;
import io.opgraft.ops.OpInspector;
import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpProvider.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A change of the op bundles that is thought through and not made.
 *
 * @param assumed the change, a whole sentence
 * @param findings what a file has against it
 * @param gone op libraries that are there now and would not be, or not so
 * @param come op libraries that would be there instead
 */
public record Hypothesis(String assumed, List<String> findings, List<OpProvider> gone, List<OpProvider> come) {
    /**
     * Thinks of a change.
     *
     * @param index the op libraries of now
     * @param inspector judges the file; may take as long as a trial load
     * @param change the kind of change
     * @param bundle symbolic name, name/version or id; ignored for an addition
     * @param file the new jar, if any
     * @return the change
     * @throws ChangeRefusedException if the bundle or the file cannot be used
     */
    public static Hypothesis of(OpIndex index, OpInspector inspector, Change change, String bundle, Optional<Path> file)
            throws ChangeRefusedException {
        return switch (change) {
            case STOP -> {
                List<OpProvider> of = select(index, bundle);
                yield new Hypothesis(
                        "Bundle " + name(of) + " would be stopped.",
                        List.of(),
                        of,
                        of.stream().map(Hypothesis::stopped).toList());
            }
            case UNINSTALL -> {
                List<OpProvider> of = select(index, bundle);
                yield new Hypothesis("Bundle " + name(of) + " would be uninstalled.", List.of(), of, List.of());
            }
            case UPDATE -> {
                Path jar = file.orElseThrow(() -> new ChangeRefusedException("An update needs a file."));
                List<OpProvider> of = select(index, bundle);
                List<OpProvider> next = inspect(inspector, jar);
                boolean same = next.get(0).bundle().equals(of.get(0).bundle());
                yield replacing(
                        "Bundle " + name(of) + " would be updated in place from " + jar + ", which brings "
                                + labels(next)
                                + (same ? "." : ". Note that this is a bundle of another name."),
                        of,
                        next);
            }
            case ADD -> {
                Path jar = file.orElseThrow(() -> new ChangeRefusedException("An addition needs a file."));
                List<OpProvider> next = inspect(inspector, jar);
                List<OpProvider> equal = index.providers().stream()
                        .filter(p -> p.label().equals(next.get(0).label())
                                && !p.origin().isPrivate())
                        .toList();
                yield equal.isEmpty()
                        ? replacing(
                                jar + " would be installed as a further bundle, which brings " + labels(next) + ".",
                                List.of(),
                                next)
                        : replacing(
                                jar + " would update bundle " + name(equal) + ", which has the same name and version.",
                                equal,
                                next);
            }
        };
    }

    private static Hypothesis replacing(String assumed, List<OpProvider> old, List<OpProvider> next) {
        long id = old.isEmpty() ? Long.MAX_VALUE : old.get(0).bundleId();
        List<String> findings = new ArrayList<>();
        for (OpProvider p : next) {
            if (p.state() != State.ACTIVE) {
                findings.add(p.label() + " would be refused: " + p.reason());
            }
            p.report().findings().forEach(finding -> findings.add(p.label() + ": " + finding));
        }
        return new Hypothesis(
                assumed,
                new ArrayList<>(new LinkedHashSet<>(findings)),
                old,
                next.stream().map(p -> as(p, id, p.state(), p.reason())).toList());
    }

    private static List<OpProvider> inspect(OpInspector inspector, Path jar) throws ChangeRefusedException {
        try {
            List<OpProvider> found = inspector.inspectBundle(jar);
            if (found.isEmpty()) {
                throw new ChangeRefusedException(jar + " brings no ops.");
            }
            return found;
        } catch (IOException e) {
            throw new ChangeRefusedException(jar + " cannot be judged: " + e.getMessage());
        }
    }

    /** All op libraries of one installed bundle. */
    private static List<OpProvider> select(OpIndex index, String text) throws ChangeRefusedException {
        Map<Long, List<OpProvider>> byId = index.providers().stream()
                .filter(p -> p.bundle().equals(text)
                        || p.label().equals(text)
                        || Long.toString(p.bundleId()).equals(text))
                .collect(Collectors.groupingBy(OpProvider::bundleId));
        if (byId.isEmpty()) {
            throw new ChangeRefusedException(
                    "No installed bundle " + text + " brings ops. opgraft:ops lists those that do.");
        }
        if (byId.size() > 1) {
            throw new ChangeRefusedException("Several installed bundles are called " + text + ": "
                    + byId.values().stream().map(Hypothesis::name).sorted().collect(Collectors.joining(", "))
                    + ". Name one by its version or id.");
        }
        long id = byId.keySet().iterator().next();
        return index.providers().stream().filter(p -> p.bundleId() == id).toList();
    }

    private static String name(List<OpProvider> of) {
        return labels(of) + " (id " + of.get(0).bundleId() + ")";
    }

    private static String labels(List<OpProvider> of) {
        return of.stream().map(OpProvider::label).distinct().collect(Collectors.joining(", "));
    }

    private static OpProvider stopped(OpProvider p) {
        return new OpProvider(
                p.framework(),
                p.ops(),
                p.bundle(),
                p.version(),
                p.bundleId(),
                State.STOPPED,
                "bundle " + p.bundleId() + " is not started",
                "",
                null,
                LibraryReport.NONE,
                p.origin(),
                null);
    }

    private static OpProvider as(OpProvider p, long id, State state, String reason) {
        return new OpProvider(
                p.framework(),
                p.ops(),
                p.bundle(),
                p.version(),
                id,
                state,
                reason,
                p.digest(),
                p.library(),
                p.report(),
                p.origin(),
                p.files());
    }

    /**
     * The op libraries after the change.
     *
     * @param index those of now
     * @return those of then
     */
    public OpIndex applyTo(OpIndex index) {
        List<OpProvider> providers = new ArrayList<>(index.providers());
        Set<Long> ids = new HashSet<>();
        gone.forEach(p -> ids.add(p.bundleId()));
        providers.removeIf(p -> ids.contains(p.bundleId()));
        providers.addAll(come);
        return new HypotheticalIndex(providers);
    }

    /**
     * The ops that the change concerns.
     *
     * @return names by framework
     */
    public Map<String, Set<String>> ops() {
        Map<String, Set<String>> ops = new HashMap<>();
        for (List<OpProvider> side : List.of(gone, come)) {
            side.forEach(p ->
                    ops.computeIfAbsent(p.framework(), f -> new HashSet<>()).addAll(p.ops()));
        }
        return ops;
    }
}
