package io.opgraft.tensorrt.internal;

import java.util.List;

/** A plan that is open on one device, with the plugin libraries of its own registry. */
interface Engine extends AutoCloseable {
    Device device();

    /** Inputs first, each kind in the plan's order. */
    List<EngineTensor> tensors();

    int profiles();

    /** The shapes of an input in an optimization profile. */
    Range range(String input, int profile);

    /** Device memory that one context takes, in bytes. */
    long contextBytes();

    /** Makes a context of a profile, with a stream of its own. */
    EngineContext context(int profile) throws EngineException;

    /** All contexts have to be closed before. */
    @Override
    void close();

    /** Smallest, usual and largest shape. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Range(long[] min, long[] usual, long[] max) {}
}
