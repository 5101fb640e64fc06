package io.opgraft.models.internal.history;

import io.opgraft.models.Hold;
import io.opgraft.models.Wiring;
import io.opgraft.models.Wiring.Wire;
import io.opgraft.models.internal.state.StateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ops that rollbacks fixed, in one file that is written before they take effect. Safe for use by many threads. */
public final class Holds {
    private static final Logger LOG = LoggerFactory.getLogger(Holds.class);
    private static final int HEAD_CELLS = 4;

    private final StateFile file;
    private List<HeldOp> all;

    /**
     * One op of one model version.
     *
     * @param model model name
     * @param version the model's version
     * @param since when it was fixed
     * @param by what fixed it
     * @param wire the op and its library
     */
    public record HeldOp(String model, long version, Instant since, String by, Wire wire) {}

    /**
     * Reads what was held before the restart.
     *
     * @param path the file; need not exist
     */
    public Holds(Path path) {
        this.file = new StateFile(path);
        this.all = read();
    }

    private List<HeldOp> read() {
        List<HeldOp> found = new ArrayList<>();
        try {
            for (List<String> row : file.read("what rollbacks hold")) {
                found.add(new HeldOp(
                        row.get(0),
                        Long.parseLong(row.get(1)),
                        Instant.parse(row.get(2)),
                        row.get(3),
                        WireCells.read(row.subList(HEAD_CELLS, row.size()))));
            }
        } catch (RuntimeException e) {
            LOG.warn("What rollbacks hold cannot be understood, so nothing is held: {}", e.toString());
            return List.of();
        }
        return List.copyOf(found);
    }

    /**
     * Everything that is held.
     *
     * @return ordered by model, version and op
     */
    public synchronized List<HeldOp> all() {
        return all;
    }

    /**
     * What is held of a model version.
     *
     * @param model model name
     * @param version the model's version
     * @return ordered by op
     */
    public List<HeldOp> of(String model, long version) {
        return all().stream()
                .filter(h -> h.version() == version && h.model().equals(model))
                .toList();
    }

    /**
     * Puts held ops of a model version into the form that operators see.
     *
     * @param held the ops
     * @return null if there are none
     */
    public static Hold summary(Collection<HeldOp> held) {
        if (held.isEmpty()) {
            return null;
        }
        Instant since =
                held.stream().map(HeldOp::since).max(Comparator.naturalOrder()).orElseThrow();
        Set<String> by = new TreeSet<>();
        held.forEach(h -> by.add(h.by()));
        return new Hold(
                since,
                String.join(" and ", by),
                new Wiring(held.stream().map(HeldOp::wire).toList()));
    }

    /**
     * Fixes ops in place of what was fixed before for the same ops. They are on the disk when this returns.
     *
     * @param held the ops
     * @throws IOException if they cannot be stored; nothing changed then
     */
    public synchronized void add(Collection<HeldOp> held) throws IOException {
        store(merge(all, held));
    }

    /**
     * What is held once more ops are fixed.
     *
     * @param old what is held
     * @param more what goes before it
     * @return all of more, and of old what is about other ops
     */
    public static List<HeldOp> merge(Collection<HeldOp> old, Collection<HeldOp> more) {
        List<HeldOp> merged = new ArrayList<>(old);
        merged.removeIf(o -> more.stream().anyMatch(m -> sameOp(o, m)));
        merged.addAll(more);
        return merged;
    }

    private static boolean sameOp(HeldOp one, HeldOp other) {
        return one.version() == other.version()
                && one.model().equals(other.model())
                && one.wire().op().equals(other.wire().op());
    }

    /**
     * Ends holds.
     *
     * @param which which ones
     * @return those that were ended
     * @throws IOException if that cannot be stored; nothing changed then
     */
    public synchronized List<HeldOp> remove(Predicate<HeldOp> which) throws IOException {
        List<HeldOp> ended = all.stream().filter(which).toList();
        if (!ended.isEmpty()) {
            store(all.stream().filter(which.negate()).toList());
        }
        return ended;
    }

    private void store(List<HeldOp> next) throws IOException {
        List<HeldOp> sorted = new ArrayList<>(next);
        sorted.sort(Comparator.comparing(HeldOp::model)
                .thenComparing(HeldOp::version)
                .thenComparing(h -> h.wire().op()));
        List<List<String>> rows = new ArrayList<>();
        for (HeldOp h : sorted) {
            List<String> row = new ArrayList<>(
                    List.of(h.model(), Long.toString(h.version()), h.since().toString(), h.by()));
            row.addAll(WireCells.write(h.wire()));
            rows.add(row);
        }
        file.write(rows);
        all = List.copyOf(sorted);
    }
}
