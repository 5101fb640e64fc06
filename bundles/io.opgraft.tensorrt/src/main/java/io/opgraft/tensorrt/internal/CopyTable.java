package io.opgraft.tensorrt.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/** Copies of one run in the form that the shim reads. Used by one thread at a time. */
final class CopyTable {
    private static final int NUMBERS = 3;

    /** Keeps the memory. */
    private final ByteBuffer memory;

    private final LongBuffer numbers;
    private final long address;

    CopyTable(int copies) {
        memory = ByteBuffer.allocateDirect(Math.max(1, copies) * NUMBERS * Long.BYTES)
                .order(ByteOrder.nativeOrder());
        numbers = memory.asLongBuffer();
        address = Shim.addressOf(memory);
    }

    void set(int index, long to, long from, long size) {
        numbers.put(index * NUMBERS, to);
        numbers.put(index * NUMBERS + 1, from);
        numbers.put(index * NUMBERS + 2, size);
    }

    /** Where the entries from an index on lie. */
    long address(int index) {
        return address + (long) index * NUMBERS * Long.BYTES;
    }
}
