package io.opgraft.tensorrt.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A tensor in pinned host memory. */
final class HostTensor implements Tensor {
    private final HostMemory memory;
    private final DataType datatype;
    private final Shape shape;
    private final long address;
    private final int size;
    private boolean closed;

    private HostTensor(HostMemory memory, DataType datatype, Shape shape, long address, int size) {
        this.memory = memory;
        this.datatype = datatype;
        this.shape = shape;
        this.address = address;
        this.size = size;
    }

    static HostTensor allocate(HostMemory memory, DataType datatype, Shape shape, long size) throws InferenceException {
        if (size > Integer.MAX_VALUE) {
            throw new InferenceException("a tensor of " + size + " bytes is more than 2 GiB", true);
        }
        return new HostTensor(memory, datatype, shape, memory.take(size), (int) size);
    }

    /** The bytes that a tensor takes. */
    static long size(DataType datatype, Shape shape) throws InferenceException {
        try {
            return Math.multiplyExact(shape.elementCount(), datatype.size());
        } catch (ArithmeticException e) {
            throw new InferenceException("shape " + shape + " has more elements than memory can hold", true);
        }
    }

    long address() {
        if (closed) {
            throw new IllegalStateException("the tensor is closed");
        }
        return address;
    }

    int size() {
        return size;
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
        return Shim.view(address(), size).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            memory.giveBack(address, size);
        }
    }
}
