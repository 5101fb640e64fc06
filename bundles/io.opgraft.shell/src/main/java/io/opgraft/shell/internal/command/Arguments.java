package io.opgraft.shell.internal.command;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The words and the options after a command, in any order. */
record Arguments(String usage, List<String> words, Set<String> options) {
    /**
     * Sorts arguments.
     *
     * @throws IllegalArgumentException if an option is not among the known ones; the message has the usage
     */
    static Arguments parse(String usage, Set<String> known, String... arguments) {
        List<String> words = new ArrayList<>();
        Set<String> options = new HashSet<>();
        for (String argument : arguments) {
            if (!argument.startsWith("-")) {
                words.add(argument);
            } else if (known.contains(argument)) {
                options.add(argument);
            } else {
                throw new IllegalArgumentException("There is no option " + argument + "; usage: " + usage);
            }
        }
        return new Arguments(usage, words, options);
    }

    boolean has(String option) {
        return options.contains(option);
    }

    /** The only word. */
    String word(String expected) {
        if (words.size() != 1) {
            throw new IllegalArgumentException(expected + "; usage: " + usage);
        }
        return words.get(0);
    }
}
