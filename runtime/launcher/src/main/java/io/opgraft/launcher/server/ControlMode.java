package io.opgraft.launcher.server;

import java.util.Locale;

/** Who decides which models are loaded. */
public enum ControlMode {
    /** All models at start, none later. */
    NONE,
    /** The repository: models come and go with their folders. */
    POLL,
    /** Requests, and {@code --load-model} at start. */
    EXPLICIT;

    /**
     * The form used on the command line and in configurations.
     *
     * @return lower case
     */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
