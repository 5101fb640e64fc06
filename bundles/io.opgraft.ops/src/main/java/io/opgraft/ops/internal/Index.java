package io.opgraft.ops.internal;

import io.opgraft.ops.OpProvider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** The look-up tables. Readers take no lock; each list that they get is immutable. */
final class Index {
    private static final Comparator<OpProvider> BY_NAME = Comparator.comparing(OpProvider::bundle)
            .thenComparing(OpProvider::version)
            .thenComparing(OpProvider::bundleId);
    private static final Comparator<OpProvider> HIGHEST_FIRST = Comparator.comparing(OpProvider::version)
            .reversed()
            .thenComparing(OpProvider::bundle)
            .thenComparing(OpProvider::bundleId);

    private final Map<Object, List<OpProvider>> byOwner = new HashMap<>();
    private final Map<Key, List<OpProvider>> byOp = new ConcurrentHashMap<>();
    private volatile List<OpProvider> all = List.of();
    private volatile boolean stale;

    private record Key(String framework, String op) {}

    List<OpProvider> providers() {
        if (stale) {
            synchronized (this) {
                // Sorted on demand, so that a thousand bundles that start are not sorted a thousand times.
                all = byOwner.values().stream()
                        .flatMap(Collection::stream)
                        .sorted(BY_NAME)
                        .toList();
                stale = false;
            }
        }
        return all;
    }

    List<OpProvider> providers(String framework, String op) {
        return byOp.getOrDefault(new Key(framework, op), List.of());
    }

    /**
     * Replaces what one owner offers.
     *
     * @param owner a bundle or a service
     * @param providers its op libraries now; empty if it is gone
     * @return the ops concerned, by framework; empty if nothing changed
     */
    synchronized Map<String, Set<String>> replace(Object owner, List<OpProvider> providers) {
        List<OpProvider> before = byOwner.getOrDefault(owner, List.of());
        if (providers.isEmpty()) {
            byOwner.remove(owner);
        } else {
            byOwner.put(owner, List.copyOf(providers));
        }
        // Lists, since hashing all that is known of a library costs more than comparing the few of one owner.
        List<OpProvider> gone = new ArrayList<>(before);
        gone.removeAll(providers);
        List<OpProvider> come = new ArrayList<>(providers);
        come.removeAll(before);
        Map<String, Set<String>> changed = new TreeMap<>();
        // In this order no reader finds an op without a provider that has one before and after.
        come.forEach(provider -> add(provider, changed));
        gone.forEach(provider -> remove(provider, changed));
        stale = true;
        return changed;
    }

    private void add(OpProvider provider, Map<String, Set<String>> changed) {
        for (String op : new HashSet<>(provider.ops())) {
            byOp.compute(new Key(provider.framework(), op), (key, old) -> {
                List<OpProvider> list = new ArrayList<>(old == null ? List.of() : old);
                list.add(provider);
                list.sort(HIGHEST_FIRST);
                return List.copyOf(list);
            });
            note(provider, op, changed);
        }
    }

    private void remove(OpProvider provider, Map<String, Set<String>> changed) {
        for (String op : new HashSet<>(provider.ops())) {
            byOp.computeIfPresent(new Key(provider.framework(), op), (key, old) -> {
                List<OpProvider> list = new ArrayList<>(old);
                list.remove(provider);
                return list.isEmpty() ? null : List.copyOf(list);
            });
            note(provider, op, changed);
        }
    }

    private static void note(OpProvider provider, String op, Map<String, Set<String>> changed) {
        changed.computeIfAbsent(provider.framework(), key -> new TreeSet<>()).add(op);
    }
}
