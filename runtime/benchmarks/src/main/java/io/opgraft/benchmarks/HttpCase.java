package io.opgraft.benchmarks;

import java.util.List;

/**
 * One line of the HTTP rows.
 *
 * @param row the row's name
 * @param name what is sent
 * @param floats how many values
 * @param json whether they are sent as JSON
 * @param connections how many clients
 * @param bare goal for the rate against the bare handler
 * @param rate goal for the rate against another server, or null
 * @param cpu goal for the processor time against it, or null
 */
record HttpCase(String row, String name, int floats, boolean json, int connections, Goal bare, Goal rate, Goal cpu) {
    private static final int KIB = 1024 / Float.BYTES;
    private static final int MIB = 1024 * KIB;
    private static final Goal SMALL = Goal.atLeast(0.6);
    private static final Goal LARGE = Goal.atLeast(0.8);

    static final List<HttpCase> ALL = List.of(
            binary("p1", "1 KB", KIB, 1, SMALL, Goal.atLeast(1.5), null),
            binary("p2", "1 KB", KIB, 16, SMALL, Goal.atLeast(2), Goal.atMost(0.45)),
            binary("p2", "1 KB", KIB, 64, SMALL, Goal.atLeast(2), Goal.atMost(0.45)),
            binary("p3", "1 MB", MIB, 1, LARGE, Goal.atLeast(1.5), null),
            binary("p3", "1 MB", MIB, 16, LARGE, Goal.atLeast(1.5), null),
            binary("p3", "16 MB", 16 * MIB, 1, LARGE, null, null),
            binary("p3", "16 MB", 16 * MIB, 4, LARGE, null, null),
            json("1 KB", KIB, 1, Goal.atLeast(1), null),
            json("1 KB", KIB, 16, Goal.atLeast(1), null),
            json("262,144 floats", MIB, 1, Goal.atLeast(2), Goal.atLeast(4)));

    private static HttpCase binary(
            String row, String size, int floats, int connections, Goal bare, Goal rate, Goal cpu) {
        return new HttpCase(row, size + " binary", floats, false, connections, bare, rate, cpu);
    }

    private static HttpCase json(String size, int floats, int connections, Goal bare, Goal rate) {
        return new HttpCase("p5", "JSON, " + size, floats, true, connections, bare, rate, null);
    }

    InferRequest request() {
        return json ? InferRequest.json(floats) : InferRequest.binary(floats);
    }

    /** As in the first columns of a table. */
    String title() {
        return "| " + row.toUpperCase(java.util.Locale.ROOT) + " | " + name + ", " + connections
                + (connections == 1 ? " connection" : " connections");
    }
}
