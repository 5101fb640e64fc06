package io.opgraft.launcher.shell;

import java.util.List;
import java.util.stream.Collectors;

/** Makes one Gogo line of the words that the user's own shell has left. */
final class CommandLineText {
    private CommandLineText() {}

    /**
     * Joins words.
     *
     * @param words one word is a whole line already; of several, those with white space in them are quoted again
     * @return the line
     */
    static String join(List<String> words) {
        if (words.size() == 1) {
            return words.get(0);
        }
        return words.stream().map(CommandLineText::quote).collect(Collectors.joining(" "));
    }

    private static String quote(String word) {
        if (!word.isEmpty() && word.chars().noneMatch(Character::isWhitespace)) {
            return word;
        }
        return '"' + word.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "\\$") + '"';
    }
}
