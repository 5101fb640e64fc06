package io.opgraft.tensorrt.internal;

/** One execution context and its stream. Used by one thread at a time. */
interface EngineContext extends AutoCloseable {
    long stream();

    /** Gives an input its shape; false if the plan does not take it. */
    boolean setShape(String input, long[] dimensions);

    /** The shape of an output for the inputs' shapes; -1 where it depends on data. */
    long[] shape(String output);

    /** Says where on the device a tensor lies. */
    boolean setAddress(String tensor, long address);

    /** Starts a run on the stream; false if TensorRT refuses. */
    boolean enqueue();

    /** What TensorRT said since the last call. */
    RuntimeMessages messages();

    @Override
    void close();
}
