package io.opgraft.backend;

/**
 * Whether a backend can run.
 *
 * @param available true if models can be loaded
 * @param detail the framework's version if available, else why not and what to do
 */
public record BackendStatus(boolean available, String detail) {}
