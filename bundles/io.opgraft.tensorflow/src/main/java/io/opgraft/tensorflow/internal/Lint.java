package io.opgraft.tensorflow.internal;

import io.opgraft.elf.ElfException;
import io.opgraft.probe.Finding;
import io.opgraft.probe.LibraryFiles;
import io.opgraft.probe.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What TensorFlow finds of a library from its files. */
final class Lint {
    static final String MISSING_LIBRARIES = "missing libraries";
    static final String MISSING_SYMBOLS = "missing symbols";
    static final String SYSTEM = "C and C++ runtime";
    static final String PROCESS_WIDE = "process-wide registrations";
    static final String BUILT_FOR = "built for";

    private static final int NAMED_IN_MESSAGE = 5;

    private final String file;
    private final Symbols symbols;
    private final List<Finding> findings = new ArrayList<>();

    private Lint(LibraryFiles files, Symbols symbols) {
        this.file = String.valueOf(files.library().getFileName());
        this.symbols = symbols;
    }

    /** TensorFlow has to be loaded. */
    static List<Finding> of(LibraryFiles files) throws IOException {
        try {
            return of(files, Symbols.read(files));
        } catch (ElfException e) {
            return List.of(new Finding(
                    Verdict.REFUSED,
                    "damaged file",
                    String.valueOf(files.library().getFileName()),
                    "it cannot be read: " + e.getMessage(),
                    "build it again"));
        }
    }

    static List<Finding> of(LibraryFiles files, Symbols symbols) {
        Lint lint = new Lint(files, symbols);
        lint.look();
        return List.copyOf(lint.findings);
    }

    private void look() {
        if (symbols.machine() != null) {
            add(Verdict.REFUSED, "machine", "it is built for " + symbols.machine() + ", not for x86-64", "");
            return;
        }
        absentLibraries();
        missingSymbols();
        versions();
        processWide();
        add(Verdict.ISOLATABLE, BUILT_FOR, "built for " + Origin.of(symbols.asked()), "");
    }

    private void add(Verdict verdict, String topic, String message, String remedy) {
        findings.add(new Finding(verdict, topic, file, message, remedy));
    }

    private void absentLibraries() {
        if (symbols.absent().isEmpty()) {
            return;
        }
        String names = symbols.absent().entrySet().stream()
                .map(e -> e.getValue().equals(file) ? e.getKey() : e.getKey() + " (for " + e.getValue() + ")")
                .collect(Collectors.joining(", "));
        add(
                Verdict.REFUSED,
                MISSING_LIBRARIES,
                "it needs " + names + ", neither in its bundle nor a library of this machine",
                "put it into the bundle beside the library or install it on the machine");
    }

    private void missingSymbols() {
        List<String> missing = List.copyOf(symbols.missing());
        if (missing.isEmpty()) {
            return;
        }
        String first =
                missing.stream().limit(NAMED_IN_MESSAGE).map(Symbols::demangled).collect(Collectors.joining(", "));
        // With a whole library missing, its symbols say nothing of TensorFlow.
        String origin = symbols.absent().isEmpty() ? "it is " + Origin.ofMissing(missing) + ": " : "";
        add(
                Verdict.REFUSED,
                MISSING_SYMBOLS,
                origin + missing.size() + (missing.size() == 1 ? " symbol is" : " symbols are") + " undefined here: "
                        + first + (missing.size() > NAMED_IN_MESSAGE ? " and more" : ""),
                symbols.absent().isEmpty() ? "build it for the TensorFlow of this server" : "");
    }

    private void versions() {
        for (Map.Entry<String, String> version : symbols.versions().entrySet()) {
            add(
                    Verdict.REFUSED,
                    SYSTEM,
                    "it needs " + version.getKey() + " (for " + Symbols.demangled(version.getValue())
                            + "), newer than the C and C++ libraries of this machine",
                    "build it on an older system, such as manylinux2014");
        }
    }

    private void processWide() {
        ProcessWide.kinds(symbols.asked())
                .forEach((kind, symbol) -> add(
                        Verdict.ONE_VERSION_ONLY,
                        PROCESS_WIDE,
                        "it registers a " + kind.text() + " with TensorFlow for the whole process ("
                                + Symbols.demangled(symbol) + ")",
                        kind == RegistrationKind.PROTOBUF_FILE
                                ? "link protobuf into the library and hide its symbols"
                                : ""));
    }

    /** Why it cannot be loaded, for the operator; null if nothing speaks against it. */
    static String refusal(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> finding.verdict() == Verdict.REFUSED)
                .map(Finding::message)
                .reduce((a, b) -> a + "; " + b)
                .orElse(null);
    }
}
