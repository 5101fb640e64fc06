package io.opgraft.models.internal.fake;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;

/** A tensor that knows how many are not closed. */
public final class FakeTensor implements Tensor {
    /** Tensors that are not closed. */
    public static final AtomicInteger OPEN = new AtomicInteger();

    private final DataType datatype;
    private final Shape shape;
    private final ByteBuffer memory;

    /** Makes a tensor. */
    public FakeTensor(DataType datatype, Shape shape, int bytes) {
        this.datatype = datatype;
        this.shape = shape;
        this.memory = ByteBuffer.allocateDirect(bytes);
        OPEN.incrementAndGet();
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
        return memory.duplicate().clear().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() {
        OPEN.decrementAndGet();
    }
}
