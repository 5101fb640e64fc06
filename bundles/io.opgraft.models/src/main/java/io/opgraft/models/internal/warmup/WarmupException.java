package io.opgraft.models.internal.warmup;

/** A new instance does not answer its warm-up requests as it must. The message is a whole sentence for the operator. */
public class WarmupException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String file;

    WarmupException(String file, String message) {
        super(message);
        this.file = file;
    }

    /**
     * Where the requirement stands.
     *
     * @return path of the file concerned
     */
    public String file() {
        return file;
    }
}
