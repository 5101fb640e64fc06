package io.opgraft.tensorrt.internal;

/** Device memory of the tensors of one context; grows as needed. Used by one thread at a time. */
final class DeviceBuffers implements AutoCloseable {
    private static final long SMALLEST = 256;
    private static final long STEP = 1 << 20;

    private final Device device;
    private final long[] addresses;
    private final long[] sizes;

    DeviceBuffers(Device device, int tensors) {
        this.device = device;
        this.addresses = new long[tensors];
        this.sizes = new long[tensors];
    }

    long address(int tensor) {
        return addresses[tensor];
    }

    /** Makes a buffer large enough. What was in it is lost if it grows. */
    void ensure(int tensor, long size) throws MemoryAccount.FullException {
        if (addresses[tensor] != 0 && sizes[tensor] >= size) {
            return;
        }
        free(tensor);
        long rounded = rounded(size);
        device.memory().take(rounded);
        long made = Shim.allocateDevice(device.context(), rounded);
        if (made == 0) {
            device.memory().giveBack(rounded);
            throw new MemoryAccount.FullException("no memory for " + size + " bytes on " + device + ", which has "
                    + (Shim.freeMemory() >> 20) + " MiB free");
        }
        addresses[tensor] = made;
        sizes[tensor] = rounded;
    }

    /** Powers of two for small ones, whole MiB for large ones, so that few shapes make it grow. */
    static long rounded(long size) {
        if (size > STEP) {
            return (size + STEP - 1) / STEP * STEP;
        }
        return size <= SMALLEST ? SMALLEST : Long.highestOneBit(size - 1) << 1;
    }

    private void free(int tensor) {
        if (addresses[tensor] != 0) {
            Shim.freeDevice(device.context(), addresses[tensor]);
            device.memory().giveBack(sizes[tensor]);
            addresses[tensor] = 0;
            sizes[tensor] = 0;
        }
    }

    @Override
    public void close() {
        for (int i = 0; i < addresses.length; i++) {
            free(i);
        }
    }
}
