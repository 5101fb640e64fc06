package io.opgraft.tensorflow.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a process ended that should not have.
 *
 * @param what a verb form such as {@code crashed}, and where a place fits in
 * @param detail such as {@code (SIGSEGV)}, or empty
 * @param words the last that was printed, or empty
 */
record Ending(String what, String detail, String words) {
    private static final int LINES = 4;
    private static final int LIMIT = 600;
    private static final Pattern FATAL = Pattern.compile("(?m)^\\S+ \\S+: F \\S+\\] (.*(?:\\n.*)?)");
    private static final Pattern PRIVATE = Pattern.compile("(Probe|Twin)_x\\d+>");
    private static final Map<Integer, String> SIGNALS = Map.of(
            4, "SIGILL", 5, "SIGTRAP", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9, "SIGKILL", 11, "SIGSEGV", 13,
            "SIGPIPE", 25, "SIGXFSZ", 31, "SIGSYS");
    private static final int ABORT = 6;
    private static final int FILE_SIZE = 25;

    static Ending of(String end, String printed, long limitMillis) {
        String words = lastWords(PRIVATE.matcher(printed).replaceAll(""));
        if (end.equals("time")) {
            return new Ending(
                    String.format(Locale.ROOT, "did not finish loading within %s", time(limitMillis)), "", words);
        }
        int number = Integer.parseInt(end.substring(end.indexOf(' ') + 1));
        if (end.startsWith("exit")) {
            return new Ending("ended the process", " (exit code " + number + ")", words);
        }
        if (number == FILE_SIZE) {
            return new Ending("wrote a file of more than 256 MB", "", words);
        }
        return number == ABORT
                ? new Ending("aborted", "", words)
                : new Ending("crashed", " (" + SIGNALS.getOrDefault(number, "signal " + number) + ")", words);
    }

    private static String time(long millis) {
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }

    /** TensorFlow's own account of a failed check, else the last lines. */
    private static String lastWords(String printed) {
        Matcher fatal = FATAL.matcher(printed);
        String found = "";
        while (fatal.find()) {
            found = fatal.group(1);
        }
        if (found.isEmpty()) {
            List<String> lines = new ArrayList<>(printed.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList());
            found = String.join(" | ", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
        }
        String line = found.strip().replaceAll("\\s*\\n\\s*", " ").replaceAll("\\p{Cntrl}", "?");
        return line.length() <= LIMIT ? line : line.substring(0, LIMIT) + "...";
    }

    /** A sentence part that follows "it" or names its subject otherwise. */
    String during(String place) {
        return what
                + (what.contains("within") ? "" : " " + place)
                + detail
                + (words.isEmpty() ? "" : "; last words: " + words);
    }
}
