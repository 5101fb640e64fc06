package io.opgraft.tensorflow.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Memory that mapped files take for this process alone: pages that were relocated or written. */
final class PrivateMemory {
    private static final Path MAPS = Path.of("/proc/self/smaps");
    private static final Pattern HEAD =
            Pattern.compile("([0-9a-f]+)-([0-9a-f]+) \\S+ \\S+ \\S+ \\S+\\s*(.*?)(?: \\(deleted\\))?");
    private static final Pattern PRIVATE = Pattern.compile("Private_(?:Clean|Dirty):\\s*(\\d+) kB");

    private final Map<String, Long> zeros;
    private final Map<String, Long> bytes = new HashMap<>();
    private long most;
    private String file = "";
    private String end = "";

    private PrivateMemory(Map<String, Long> zeros) {
        this.zeros = zeros;
    }

    /**
     * As the operating system counts it now; a file that is not mapped is not listed.
     *
     * @param zeros how many bytes of memory a file has behind what it holds, for data that begins as zeros
     */
    static Map<String, Long> byFile(Map<String, Long> zeros) throws IOException {
        // Names of files may hold any bytes.
        try (Stream<String> lines = Files.lines(MAPS, StandardCharsets.ISO_8859_1)) {
            return byFile(lines, zeros);
        }
    }

    /** The same for text in the form of the file. */
    static Map<String, Long> byFile(Stream<String> lines, Map<String, Long> zeros) {
        PrivateMemory memory = new PrivateMemory(zeros);
        lines.forEach(memory::add);
        return memory.bytes;
    }

    private void add(String line) {
        // Most lines are counts of other kinds; their names begin with capital letters, addresses do not.
        if (!line.isEmpty() && Character.isUpperCase(line.charAt(0))) {
            Matcher size = PRIVATE.matcher(line.startsWith("Private") ? line : "");
            if (!file.isEmpty() && size.matches()) {
                long more = Math.min(most, Long.parseLong(size.group(1)) << 10);
                most -= more;
                bytes.merge(file, more, Long::sum);
            }
            return;
        }
        Matcher head = HEAD.matcher(line);
        if (head.matches()) {
            String name = new String(head.group(3).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            // Data that begins as zeros has no name and follows its library at once, as memory of others may.
            boolean follows = name.isEmpty() && head.group(1).equals(end);
            file = follows ? file : name.startsWith("/") ? name : "";
            most = follows ? zeros.getOrDefault(file, 0L) : Long.MAX_VALUE;
            end = head.group(2);
        }
    }
}
