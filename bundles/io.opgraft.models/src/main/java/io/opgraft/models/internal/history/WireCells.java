package io.opgraft.models.internal.history;

import io.opgraft.models.Wiring.Wire;
import io.opgraft.ops.LibraryReport;
import io.opgraft.ops.OpOrigin;
import io.opgraft.ops.OpProvider;
import java.util.List;
import org.osgi.framework.Version;

/** A wire as cells of a state file. */
final class WireCells {
    private static final int COUNT = 9;

    private WireCells() {}

    static List<String> write(Wire wire) {
        OpProvider provider = wire.provider();
        return List.of(
                wire.op(),
                provider.framework(),
                provider.bundle(),
                provider.version().toString(),
                Long.toString(provider.bundleId()),
                provider.digest(),
                provider.origin().location(),
                provider.origin().vendor(),
                provider.origin().licence());
    }

    /**
     * Reads a wire whose provider is {@code FORMER} and has no library yet.
     *
     * @throws IllegalArgumentException if the cells are none
     */
    static Wire read(List<String> cells) {
        if (cells.size() != COUNT) {
            throw new IllegalArgumentException(cells.size() + " cells instead of " + COUNT);
        }
        return new Wire(
                cells.get(0),
                new OpProvider(
                        cells.get(1),
                        List.of(cells.get(0)),
                        cells.get(2),
                        Version.parseVersion(cells.get(3)),
                        Long.parseLong(cells.get(4)),
                        OpProvider.State.FORMER,
                        "",
                        cells.get(5),
                        null,
                        LibraryReport.NONE,
                        new OpOrigin(cells.get(6), cells.get(7), cells.get(8))));
    }
}
