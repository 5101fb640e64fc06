package io.opgraft.ops.internal;

import io.opgraft.probe.Finding;
import io.opgraft.probe.Verdict;
import java.io.Serial;

/** An op library cannot be used. The message says why and what to do. */
final class RefusedException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
        super(message);
    }

    /** The same as a finding. */
    static Finding finding(String topic, String message) {
        return new Finding(Verdict.REFUSED, topic, "", message, "");
    }
}
