package io.opgraft.elf;

import java.io.Serial;

/** A file is not an ELF library that can be read or repaired. The message is a sentence that names the file. */
public final class ElfException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * With a sentence for the user.
     *
     * @param message names the file and what is wrong with it
     */
    public ElfException(String message) {
        super(message);
    }
}
