package io.opgraft.http.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import java.nio.ByteBuffer;

/** A tensor in a direct buffer. */
final class FakeTensor implements Tensor {
    private final DataType datatype;
    private final Shape shape;
    private final ByteBuffer memory;
    private boolean closed;

    FakeTensor(DataType datatype, Shape shape, long size) {
        this.datatype = datatype;
        this.shape = shape;
        this.memory = ByteBuffer.allocateDirect(Math.toIntExact(size));
    }

    @Override
    public DataType datatype() {
        return datatype;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public ByteBuffer buffer() {
        if (closed) {
            throw new IllegalStateException("the tensor is closed");
        }
        return memory.duplicate();
    }

    @Override
    public void close() {
        closed = true;
    }
}
