package io.opgraft.tensorrt.internal;

/** Counts memory and refuses what is beyond a limit. Safe for use by many threads. */
final class MemoryAccount {
    private static final long MEBI = 1 << 20;

    private final String subject;
    private final long limit;
    private long taken;

    /** A limit of 0 is none. */
    MemoryAccount(String subject, long limit) {
        this.subject = subject;
        this.limit = limit;
    }

    /** Thrown if there is no room; the message says why, as part of a sentence. */
    static final class FullException extends Exception {
        private static final long serialVersionUID = 1L;

        FullException(String message) {
            super(message);
        }
    }

    synchronized void take(long bytes) throws FullException {
        if (limit > 0 && taken + bytes > limit) {
            throw new FullException(subject + " has a limit of " + mebi(limit) + " MiB for models, of which "
                    + mebi(taken) + " MiB are taken, and " + mebi(bytes) + " MiB more are needed; raise"
                    + " deviceMemoryMegabytes or unload a model");
        }
        taken += bytes;
    }

    synchronized void giveBack(long bytes) {
        taken -= bytes;
    }

    synchronized long taken() {
        return taken;
    }

    private static long mebi(long bytes) {
        return (bytes + MEBI - 1) / MEBI;
    }
}
