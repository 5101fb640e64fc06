package io.opgraft.serving.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A tensor in memory that somebody else keeps. */
record BufferTensor(DataType datatype, Shape shape, ByteBuffer memory) implements Tensor {
    @Override
    public ByteBuffer buffer() {
        return memory.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() {
        // The memory goes with the outputs that it belongs to.
    }
}
