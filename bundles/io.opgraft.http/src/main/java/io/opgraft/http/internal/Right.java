package io.opgraft.http.internal;

/** What a caller must be allowed to do. Every operation belongs to one of them, whatever the path that leads to it. */
enum Right {
    /** Ask what there is and how it is. Open to everyone who can connect. */
    READ,
    /** Have a model compute. */
    INFER,
    /** Change what the server does: load and unload models, change its settings. */
    CONTROL
}
