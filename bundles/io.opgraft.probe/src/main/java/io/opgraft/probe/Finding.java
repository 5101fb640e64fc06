package io.opgraft.probe;

import java.util.Objects;

/**
 * One thing worth knowing about an op library.
 *
 * @param verdict the best verdict that it leaves to the library
 * @param topic what it is about, in short and always the same words, such as {@code unique symbols}
 * @param file name of the file concerned, or empty
 * @param message what is the matter, part of a sentence without a full stop
 * @param remedy what its author or the operator can do, part of a sentence, or empty
 */
public record Finding(Verdict verdict, String topic, String file, String message, String remedy) {
    /** Checks that all parts are there. */
    public Finding {
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(remedy, "remedy");
    }

    /** Message and remedy in one line. */
    @Override
    public String toString() {
        return remedy.isEmpty() ? message : message + "; " + remedy;
    }
}
