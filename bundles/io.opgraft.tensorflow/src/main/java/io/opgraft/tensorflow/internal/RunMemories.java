package io.opgraft.tensorflow.internal;

import java.util.concurrent.atomic.AtomicReferenceArray;

/** Keeps memory of past runs for the next. A thread mostly finds the one that it left, without waiting for others. */
final class RunMemories implements AutoCloseable {
    private static final int SIZE = 64;

    private final int inputCount;
    private final int outputCount;
    private final AtomicReferenceArray<RunMemory> kept = new AtomicReferenceArray<>(SIZE);

    RunMemories(int inputCount, int outputCount) {
        this.inputCount = inputCount;
        this.outputCount = outputCount;
    }

    private static int place() {
        return (int) (Thread.currentThread().getId() & (SIZE - 1));
    }

    RunMemory take() {
        RunMemory memory = kept.getAndSet(place(), null);
        return memory == null ? new RunMemory(inputCount, outputCount) : memory;
    }

    void giveBack(RunMemory memory) {
        if (!kept.compareAndSet(place(), null, memory)) {
            memory.close();
        }
    }

    @Override
    public void close() {
        for (int i = 0; i < SIZE; i++) {
            RunMemory memory = kept.getAndSet(i, null);
            if (memory != null) {
                memory.close();
            }
        }
    }
}
