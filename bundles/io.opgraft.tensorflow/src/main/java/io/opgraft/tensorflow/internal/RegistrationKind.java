package io.opgraft.tensorflow.internal;

import io.opgraft.probe.Registration;
import io.opgraft.probe.Registration.Reach;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The kinds of registrations in TensorFlow, with the letters by which the op-scope library calls them: see scope.h. */
enum RegistrationKind {
    OP('o', "op"),
    KERNEL('k', "kernel"),
    GRADIENT('g', "gradient"),
    CLIENT_GRADIENT('h', "client gradient"),
    VARIANT('v', "variant decoder"),
    OPTIMIZER('x', "graph optimizer"),
    COLOCATION('c', "colocation exemption"),
    XLA_KERNEL('j', "XLA kernel"),
    PROTOBUF_FILE('P', "protobuf file"),
    FILE_SYSTEM('F', "file system"),
    DEVICE('D', "device"),
    SESSION('S', "session factory"),
    SERVER('N', "server factory"),
    COLLECTIVE('C', "collective"),
    GRAPH_PASS('G', "graph pass"),
    ALLOCATOR('A', "allocator"),
    COST('M', "cost measurement"),
    EXPERIMENT('E', "dataset experiment"),
    CUSTOM_CALL('U', "XLA custom call"),
    XLA_BACKEND('X', "XLA backend"),
    VARIANT_COPY('V', "variant device copy"),
    /** A library that failed to load a second time for a reason that no registration explains. */
    LIBRARY('L', "library");

    /** Stands for every name of a kind. */
    static final String ANY = "*";

    private final char letter;
    private final String text;

    RegistrationKind(char letter, String text) {
        this.letter = letter;
        this.text = text;
    }

    String text() {
        return text;
    }

    /** Small letters stand for what goes under private names. */
    private Reach reach() {
        return Character.isLowerCase(letter) ? Reach.SCOPE : Reach.PROCESS;
    }

    Registration of(String name) {
        return new Registration(text, name, reach());
    }

    String line(String name) {
        return letter + name.replaceAll("\\p{Cntrl}", "?");
    }

    /** Reads a line of the op-scope library; null for a letter that is not known. */
    static Registration parse(String line) {
        for (RegistrationKind kind : values()) {
            if (!line.isEmpty() && line.charAt(0) == kind.letter) {
                return kind.of(line.substring(1));
            }
        }
        return null;
    }

    /** Reads all lines, each once. */
    static List<Registration> parseAll(List<String> lines) {
        Set<Registration> found = new LinkedHashSet<>();
        for (String line : lines) {
            Registration registration = parse(line);
            if (registration != null) {
                found.add(registration);
            }
        }
        return List.copyOf(found);
    }

    /** What of some registrations is for the whole process, as lines for the op-scope library. */
    static List<String> claims(List<Registration> registrations) {
        List<String> lines = new ArrayList<>();
        for (Registration registration : registrations) {
            for (RegistrationKind kind : values()) {
                if (registration.reach() == Reach.PROCESS && kind.text.equals(registration.kind())) {
                    lines.add(kind.line(registration.name()));
                }
            }
        }
        return lines;
    }
}
