package io.opgraft.tensorflow.internal;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which TensorFlow a library was built for, as the names of the symbols tell that it asks for. */
final class Origin {
    /** The name space in which absl puts everything of one release; TensorFlow's C++ functions carry it in their names. */
    private static final Pattern ABSL = Pattern.compile("4absl\\d+lts_(\\d{8})");

    private static final int OF_THIS = 20230802;

    private Origin() {}

    /** In words that follow "built for". */
    static String of(Collection<String> symbols) {
        Set<Integer> releases = absl(symbols);
        boolean cxx = symbols.stream().anyMatch(Origin::isCxx);
        boolean c = symbols.stream().anyMatch(symbol -> symbol.startsWith("TF_"));
        if (!cxx && !c) {
            return "no TensorFlow: it asks for none of its symbols";
        }
        if (!cxx) {
            return "TensorFlow's C API alone, which stays the same from release to release";
        }
        return "TensorFlow's C++ API" + (releases.isEmpty() ? ", release unknown" : ": " + family(releases));
    }

    /** What missing symbols say, as a sentence part that follows "it is"; never empty. */
    static String ofMissing(Collection<String> missing) {
        if (missing.stream().anyMatch(s -> s.startsWith("Py") || s.startsWith("_Py"))) {
            return "a Python extension module, which works only inside a Python interpreter";
        }
        Set<Integer> releases = absl(missing);
        if (!releases.isEmpty() && !releases.equals(Set.of(OF_THIS))) {
            return "built for " + family(releases);
        }
        if (missing.stream().anyMatch(s -> s.contains("N10tensorflow6Status") || s.contains("N3tsl6Status"))) {
            return "built for an older TensorFlow, which had a Status class of its own";
        }
        return missing.stream().anyMatch(Origin::isOfTensorFlow)
                ? "built for another TensorFlow"
                : "made for a program or library that it does not name and that is not here";
    }

    /** TensorFlow's own, or of what it offers besides. */
    private static boolean isOfTensorFlow(String symbol) {
        return symbol.startsWith("TF")
                || isCxx(symbol)
                || symbol.contains("4absl")
                || symbol.contains("6google8protobuf")
                || symbol.contains("3xla");
    }

    private static boolean isCxx(String symbol) {
        return symbol.startsWith("_Z") && (symbol.contains("10tensorflow") || symbol.contains("3tsl"));
    }

    private static Set<Integer> absl(Collection<String> symbols) {
        Set<Integer> releases = new TreeSet<>();
        for (String symbol : symbols) {
            Matcher matcher = ABSL.matcher(symbol);
            while (matcher.find()) {
                releases.add(Integer.valueOf(matcher.group(1)));
            }
        }
        return releases;
    }

    private static String family(Set<Integer> releases) {
        Set<String> texts = new TreeSet<>();
        for (int release : releases) {
            String which =
                    switch (release) {
                        case OF_THIS -> "TensorFlow 2.16 to 2.19";
                        case 20250814 -> "TensorFlow 2.21";
                        default -> release < OF_THIS ? "a TensorFlow before 2.16" : "a TensorFlow after 2.19";
                    };
            texts.add(which + " (absl lts_" + release + ")");
        }
        return String.join(", ", texts);
    }
}
