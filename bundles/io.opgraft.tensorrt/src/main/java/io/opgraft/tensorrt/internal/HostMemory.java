package io.opgraft.tensorrt.internal;

import io.opgraft.backend.InferenceException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Pinned host memory, which the GPU reads and writes by itself. Blocks are kept for reuse, since making one takes longer
 * than most runs; their sizes are powers of two. Safe for use by many threads.
 */
final class HostMemory implements AutoCloseable {
    private static final int SMALLEST = 8;
    private static final int LARGEST = 31;

    private final Device device;
    private final long keep;
    private final AtomicLong kept = new AtomicLong();
    private final ConcurrentLinkedDeque<Long>[] free;
    private volatile boolean closed;

    /**
     * Makes a store that is empty.
     *
     * @param device that makes the memory; any device may use it
     * @param keep bytes that are kept at most
     */
    // An array of a generic type can only be made unchecked; nothing else is ever put in.
    @SuppressWarnings({"unchecked", "rawtypes"})
    HostMemory(Device device, long keep) {
        this.device = device;
        this.keep = keep;
        this.free = new ConcurrentLinkedDeque[LARGEST + 1];
        for (int i = SMALLEST; i <= LARGEST; i++) {
            free[i] = new ConcurrentLinkedDeque<>();
        }
    }

    private static int kind(long size) {
        return size <= 1L << SMALLEST ? SMALLEST : Long.SIZE - Long.numberOfLeadingZeros(size - 1);
    }

    /** The address of a block of at least some bytes, at most 2 GiB. */
    long take(long size) throws InferenceException {
        int kind = kind(size);
        Long found = free[kind].pollFirst();
        if (found != null) {
            kept.addAndGet(-(1L << kind));
            return found;
        }
        long made = Shim.allocateHost(device.context(), 1L << kind);
        if (made == 0) {
            throw new InferenceException("no pinned host memory for a tensor of " + size + " bytes", false);
        }
        return made;
    }

    void giveBack(long address, long size) {
        int kind = kind(size);
        long bytes = 1L << kind;
        if (closed || kept.addAndGet(bytes) > keep) {
            if (!closed) {
                kept.addAndGet(-bytes);
            }
            Shim.freeHost(device.context(), address);
            return;
        }
        free[kind].addFirst(address);
        if (closed) {
            empty();
        }
    }

    long kept() {
        return kept.get();
    }

    private void empty() {
        for (int i = SMALLEST; i <= LARGEST; i++) {
            for (Long block = free[i].pollFirst(); block != null; block = free[i].pollFirst()) {
                Shim.freeHost(device.context(), block);
            }
        }
    }

    /** Frees what is kept; blocks that come back later are freed then. */
    @Override
    public void close() {
        closed = true;
        empty();
    }
}
