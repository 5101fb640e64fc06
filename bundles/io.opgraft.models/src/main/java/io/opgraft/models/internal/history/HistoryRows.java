package io.opgraft.models.internal.history;

import io.opgraft.models.Wiring;
import io.opgraft.models.Wiring.Wire;
import io.opgraft.models.WiringChange;
import io.opgraft.models.WiringChange.Cause;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A history as rows of a state file: a row for each entry, followed by a row for each of its wires. */
final class HistoryRows {
    private static final String ENTRY = "entry";
    private static final String WIRE = "wire";
    private static final int ENTRY_CELLS = 5;

    private HistoryRows() {}

    static List<List<String>> write(List<WiringChange> list) {
        List<List<String>> rows = new ArrayList<>();
        for (WiringChange entry : list) {
            rows.add(List.of(
                    ENTRY,
                    Long.toString(entry.version()),
                    entry.time().toString(),
                    entry.cause().name(),
                    entry.detail()));
            for (Wire wire : entry.wiring().wires()) {
                List<String> row = new ArrayList<>(List.of(WIRE));
                row.addAll(WireCells.write(wire));
                rows.add(row);
            }
        }
        return rows;
    }

    /**
     * Reads the rows.
     *
     * @throws RuntimeException if they are none of a history
     */
    static List<WiringChange> read(List<List<String>> rows) {
        List<WiringChange> list = new ArrayList<>();
        List<String> head = null;
        List<Wire> wires = new ArrayList<>();
        for (List<String> row : rows) {
            if (row.get(0).equals(WIRE)) {
                wires.add(WireCells.read(row.subList(1, row.size())));
            } else {
                finish(list, head, wires);
                head = row;
                wires.clear();
            }
        }
        finish(list, head, wires);
        return list;
    }

    private static void finish(List<WiringChange> list, List<String> head, List<Wire> wires) {
        if (head == null) {
            return;
        }
        if (!head.get(0).equals(ENTRY) || head.size() != ENTRY_CELLS) {
            throw new IllegalArgumentException("unknown row " + head.get(0));
        }
        list.add(new WiringChange(
                Long.parseLong(head.get(1)),
                Instant.parse(head.get(2)),
                Cause.valueOf(head.get(3)),
                head.get(4),
                new Wiring(wires)));
    }
}
