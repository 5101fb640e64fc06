package io.opgraft.models.internal.lifecycle;

import org.slf4j.MDC;

/** While it is open, all that this thread logs names a model, also what backends log. */
final class LogModel implements AutoCloseable {
    private static final String KEY = "model";

    private final String before = MDC.get(KEY);

    LogModel(String name) {
        MDC.put(KEY, name);
    }

    @Override
    public void close() {
        if (before == null) {
            MDC.remove(KEY);
        } else {
            MDC.put(KEY, before);
        }
    }
}
