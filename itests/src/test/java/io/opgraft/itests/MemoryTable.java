package io.opgraft.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Prints how the resident memory of a server grows with the op versions that it loads. */
final class MemoryTable {
    private final Path status;
    private long firstKilobytes;
    private int firstLoads = -1;

    MemoryTable(long pid) {
        this.status = Path.of("/proc", Long.toString(pid), "status");
    }

    /** Prints one row; growth is counted from the second row on, since the first loads warm the server up. */
    void row(StormClients clients) throws IOException {
        long kilobytes = residentKilobytes();
        int loads = clients.versions();
        String growth = "";
        if (firstLoads < 0) {
            System.out.println("  op versions | answers | RSS MiB | growth per version KiB");
            firstLoads = 0;
        } else if (firstLoads == 0) {
            firstLoads = loads;
            firstKilobytes = kilobytes;
        } else if (loads > firstLoads) {
            growth = Long.toString((kilobytes - firstKilobytes) / (loads - firstLoads));
        }
        System.out.printf("  %11d | %7d | %7d | %s%n", loads, clients.answers(), kilobytes / 1024, growth);
    }

    private long residentKilobytes() throws IOException {
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
