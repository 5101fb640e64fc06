package io.opgraft.tensorflow.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What all tensors of this backend have in common: memory, a view of it, and one close. */
abstract class TensorMemory implements Tensor {
    private static final ByteBuffer EMPTY = ByteBuffer.allocateDirect(0);

    private final DataType datatype;
    private final Shape shape;
    /** For {@link #free}; everyone else asks {@link #address()}. */
    final long address;

    private final int size;
    private boolean closed;

    TensorMemory(DataType datatype, Shape shape, long address, int size) {
        this.datatype = datatype;
        this.shape = shape;
        this.address = address;
        this.size = size;
    }

    final long address() {
        if (closed) {
            throw new IllegalStateException("the tensor is closed");
        }
        return address;
    }

    final int size() {
        return size;
    }

    @Override
    public final DataType datatype() {
        return datatype;
    }

    @Override
    public final Shape shape() {
        return shape;
    }

    @Override
    public final ByteBuffer buffer() {
        long at = address();
        ByteBuffer view = size == 0 ? EMPTY.duplicate() : Shim.view(at, size);
        return view.order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            free();
        }
    }

    /** Gives the memory back; called once. */
    abstract void free();
}
