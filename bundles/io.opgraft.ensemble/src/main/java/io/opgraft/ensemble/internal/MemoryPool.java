package io.opgraft.ensemble.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Native memory for the inputs of ensembles, used again and again, since giving it back needs the garbage collector. */
final class MemoryPool {
    /** Bytes that are kept at most. */
    static final long DEFAULT_KEPT = 256L << 20;

    private static final int SMALLEST = 10;
    private static final int LARGEST = 30;

    private final long limit;
    private final AtomicLong kept = new AtomicLong();
    private final Deque<ByteBuffer>[] free;

    /**
     * Makes a pool.
     *
     * @param limit bytes that are kept
     */
    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    MemoryPool(long limit) {
        this.limit = limit;
        free = new Deque[LARGEST + 1];
        for (int i = 0; i < free.length; i++) {
            free[i] = new ConcurrentLinkedDeque<>();
        }
    }

    /** A tensor with undefined content. */
    Tensor tensor(DataType datatype, Shape shape, int size) {
        int power = Math.max(SMALLEST, Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(size, 1) - 1));
        if (power > LARGEST) {
            return new Pooled(datatype, shape, ByteBuffer.allocateDirect(size), size, -1);
        }
        ByteBuffer memory = free[power].poll();
        if (memory == null) {
            memory = ByteBuffer.allocateDirect(1 << power);
        } else {
            kept.addAndGet(-(1L << power));
        }
        return new Pooled(datatype, shape, memory, size, power);
    }

    private void giveBack(ByteBuffer memory, int power) {
        if (power < 0) {
            return;
        }
        if (kept.addAndGet(1L << power) <= limit) {
            free[power].push(memory);
        } else {
            kept.addAndGet(-(1L << power));
        }
    }

    /** Bytes that lie ready. */
    long kept() {
        return kept.get();
    }

    private final class Pooled implements Tensor {
        private final DataType datatype;
        private final Shape shape;
        private final ByteBuffer memory;
        private final int size;
        private final int power;
        private final AtomicBoolean closed = new AtomicBoolean();

        Pooled(DataType datatype, Shape shape, ByteBuffer memory, int size, int power) {
            this.datatype = datatype;
            this.shape = shape;
            this.memory = memory;
            this.size = size;
            this.power = power;
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
            if (closed.get()) {
                throw new IllegalStateException("the tensor is closed");
            }
            return memory.slice(0, size).order(ByteOrder.LITTLE_ENDIAN);
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                giveBack(memory, power);
            }
        }
    }
}
