package io.opgraft.tensorrt.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What {@code opgraft-tensorrt-probe} left behind: see trial.h for the form.
 *
 * @param first lines of the first load, letter and text
 * @param second lines of the second load
 * @param ending how the process ended if that was too early, in words that follow "it"; empty if it came to its end
 * @param output what was printed
 * @param millis how long it took
 */
record Trial(List<String> first, List<String> second, String ending, String output, long millis) {
    private static final int OUTPUT_LIMIT = 16 << 10;
    private static final int WORDS_LIMIT = 600;
    private static final int LINES = 4;
    private static final Map<Integer, String> SIGNALS = Map.of(
            4, "SIGILL", 5, "SIGTRAP", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9, "SIGKILL", 11, "SIGSEGV", 13,
            "SIGPIPE", 25, "SIGXFSZ", 31, "SIGSYS");

    static Trial read(Path results, long limitMillis, long millis) throws IOException {
        byte[] printed = Files.readAllBytes(results.resolve("output"));
        int from = Math.max(0, printed.length - OUTPUT_LIMIT);
        String output = new String(printed, from, printed.length - from, StandardCharsets.UTF_8).strip();
        Path end = results.resolve("end");
        if (!Files.exists(end)) {
            throw new IOException("the probe failed: " + output);
        }
        List<String> first = new ArrayList<>();
        List<String> second = new ArrayList<>();
        boolean done = false;
        boolean twin = false;
        Path report = results.resolve("report");
        String lines = Files.exists(report) ? new String(Files.readAllBytes(report), StandardCharsets.UTF_8) : "";
        for (String line : lines.lines().toList()) {
            done |= line.equals("D");
            twin |= line.equals("S");
            (twin ? second : first).add(line);
        }
        return new Trial(first, second, done ? "" : ending(Files.readString(end), output, limitMillis), output, millis);
    }

    private static String ending(String end, String output, long limitMillis) {
        String words = lastWords(output);
        String tail = words.isEmpty() ? "" : "; last words: " + words;
        if (end.equals("time")) {
            return String.format(Locale.ROOT, "did not finish loading within %d ms", limitMillis) + tail;
        }
        int number = Integer.parseInt(end.substring(end.indexOf(' ') + 1));
        if (end.startsWith("exit")) {
            return "ended the process (exit code " + number + ")" + tail;
        }
        return "crashed (" + SIGNALS.getOrDefault(number, "signal " + number) + ")" + tail;
    }

    private static String lastWords(String output) {
        List<String> lines = output.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        String words = String.join(" | ", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
        return words.length() <= WORDS_LIMIT ? words : words.substring(0, WORDS_LIMIT) + "...";
    }

    /** The texts of the lines with a letter. */
    static List<String> texts(List<String> lines, char letter) {
        return lines.stream()
                .filter(line -> !line.isEmpty() && line.charAt(0) == letter)
                .map(line -> line.substring(1))
                .toList();
    }
}
