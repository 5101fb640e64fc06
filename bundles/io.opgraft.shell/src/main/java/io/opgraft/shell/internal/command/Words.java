package io.opgraft.shell.internal.command;

/** How commands write things. */
final class Words {
    private static final int DIGEST_LENGTH = 12;

    private Words() {}

    /** Enough of a digest to tell two libraries apart. */
    static String digest(String digest) {
        return digest.length() <= DIGEST_LENGTH ? digest : digest.substring(0, DIGEST_LENGTH);
    }
}
