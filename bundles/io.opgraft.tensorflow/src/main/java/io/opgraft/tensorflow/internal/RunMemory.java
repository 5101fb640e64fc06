package io.opgraft.tensorflow.internal;

import java.nio.ByteOrder;
import java.nio.LongBuffer;
import org.bytedeco.javacpp.PointerPointer;

/** What one run at a time writes into: the arrays of input and output tensors, and the outcome. Used again and again. */
final class RunMemory implements AutoCloseable {
    private final long block;
    private final LongBuffer slots;
    private final int inputCount;
    private final PointerPointer<?> inputs;
    private final PointerPointer<?> outputs;
    private final Status status = new Status();

    RunMemory(int inputCount, int outputCount) {
        long size = 8L * (inputCount + outputCount + 1);
        this.inputCount = inputCount;
        block = Shim.allocate(size);
        if (block == 0) {
            throw new OutOfMemoryError("no native memory for the arrays of a run");
        }
        slots = Shim.view(block, size).order(ByteOrder.nativeOrder()).asLongBuffer();
        inputs = new PointerPointer<>(new Handles.Address(block));
        outputs = new PointerPointer<>(new Handles.Address(block + 8L * inputCount));
    }

    PointerPointer<?> inputs() {
        return inputs;
    }

    PointerPointer<?> outputs() {
        return outputs;
    }

    Status status() {
        return status;
    }

    void input(int index, long tensor) {
        slots.put(index, tensor);
    }

    long input(int index) {
        return slots.get(index);
    }

    long output(int index) {
        return slots.get(inputCount + index);
    }

    @Override
    public void close() {
        status.close();
        Shim.free(block);
    }
}
