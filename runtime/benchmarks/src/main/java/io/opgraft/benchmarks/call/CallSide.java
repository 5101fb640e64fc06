package io.opgraft.benchmarks.call;

import java.nio.ByteBuffer;

/** A way to run models in this process. Shared by the benchmark and its bundles. */
public interface CallSide {
    /** Name of the service property that tells the sides apart. */
    String NAME = "opgraft.benchmarks.side";

    /**
     * Prepares calls of a model with one input and one output.
     *
     * @param model its name
     * @param shape of the input, floats
     * @param input what each call copies in, direct memory
     * @param output what each call copies the answer to, direct memory
     * @return one call; used by one thread
     * @throws Exception if the model cannot be called
     */
    Runnable prepare(String model, long[] shape, ByteBuffer input, ByteBuffer output) throws Exception;
}
