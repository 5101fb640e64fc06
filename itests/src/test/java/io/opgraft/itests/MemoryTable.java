package io.opgraft.itests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Prints how the resident memory of a server grows with the op libraries that it loads, and what grows. */
final class MemoryTable {
    private static final Pattern HEAD = Pattern.compile("[0-9a-f]+-[0-9a-f]+ \\S+ \\S+ \\S+ \\S+\\s*(.*)");
    private static final Pattern RESIDENT = Pattern.compile("Rss:\\s*(\\d+) kB");
    private static final Pattern COMMITTED = Pattern.compile("Total: reserved=\\d+KB, committed=(\\d+)KB");

    private final long pid;
    private final String copies;
    private boolean started;
    private int firstLoads;
    private Sizes first;

    /**
     * All in KiB.
     *
     * @param resident of the whole process
     * @param libraries of the files of mapped op libraries
     * @param java what the virtual machine keeps count of, the Java heap too; 0 if it does not
     * @param mappings number of mappings of the process
     */
    private record Sizes(long resident, long libraries, long java, int mappings) {
        Sizes minus(Sizes other) {
            return new Sizes(
                    resident - other.resident,
                    libraries - other.libraries,
                    java - other.java,
                    mappings - other.mappings);
        }
    }

    MemoryTable(ServerProcess server) {
        this.pid = server.pid();
        this.copies = server.data().resolve("ops") + "/";
    }

    /** Prints one row; growth is counted from the second row on, since the first loads warm the server up. */
    void row(StormClients clients) throws IOException, InterruptedException {
        Sizes now = sizes();
        int loads = clients.loads();
        if (!started) {
            System.out.println(
                    "  libraries | answers  | RSS MiB | mappings | growth per library in KiB: all | its own pages"
                            + " | Java | the rest");
            started = true;
            print(loads, clients, now, "");
        } else if (first == null) {
            first = now;
            firstLoads = loads;
            print(loads, clients, now, "");
        } else {
            Sizes growth = now.minus(first);
            long count = Math.max(1, loads - firstLoads);
            print(
                    loads,
                    clients,
                    now,
                    String.format(
                            "%.1f | %.1f | %.1f | %.1f",
                            (double) growth.resident / count,
                            (double) growth.libraries / count,
                            (double) growth.java / count,
                            (double) (growth.resident - growth.libraries - growth.java) / count));
        }
    }

    private static void print(int loads, StormClients clients, Sizes sizes, String growth) {
        System.out.printf(
                "  %9d | %8d | %7d | %8d | %s%n",
                loads, clients.answers(), sizes.resident / 1024, sizes.mappings, growth);
    }

    private Sizes sizes() throws IOException, InterruptedException {
        long resident = 0;
        long libraries = 0;
        int mappings = 0;
        boolean ours = false;
        Path file = Path.of("/proc", Long.toString(pid), "smaps");
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            for (String line : (Iterable<String>) lines::iterator) {
                Matcher size = RESIDENT.matcher(line);
                Matcher head = HEAD.matcher(line);
                if (size.matches()) {
                    resident += Long.parseLong(size.group(1));
                    libraries += ours ? Long.parseLong(size.group(1)) : 0;
                } else if (head.matches()) {
                    mappings++;
                    ours = head.group(1).startsWith(copies);
                }
            }
        }
        return new Sizes(resident, libraries, java(), mappings);
    }

    /** 0 if the virtual machine was not asked to keep count. */
    private long java() throws IOException, InterruptedException {
        Path tool = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(tool.toString(), Long.toString(pid), "VM.native_memory", "summary")
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        Matcher committed = COMMITTED.matcher(text);
        return committed.find() ? Long.parseLong(committed.group(1)) : 0;
    }
}
