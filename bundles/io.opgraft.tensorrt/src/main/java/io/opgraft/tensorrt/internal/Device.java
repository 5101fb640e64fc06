package io.opgraft.tensorrt.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A GPU, ready for use, with the account of the memory that models take on it. Safe for use by many threads. */
final class Device {
    private static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;

    private final int number;
    private final String name;
    private final String capability;
    private final long context;
    private final MemoryAccount memory;

    private Device(int number, long context, long memoryLimit) {
        this.number = number;
        this.name = Utf8.text(Shim.deviceName(number));
        this.capability =
                Shim.deviceAttribute(number, CAPABILITY_MAJOR) + "." + Shim.deviceAttribute(number, CAPABILITY_MINOR);
        this.context = context;
        this.memory = new MemoryAccount("GPU " + number, memoryLimit);
    }

    /**
     * Opens the driver and makes all devices ready.
     *
     * @param driver the driver's library
     * @param memoryLimit bytes that models may take on each; 0 for no limit
     * @throws IOException if there is none; the message says why
     */
    static List<Device> all(String driver, long memoryLimit) throws IOException {
        byte[] reason = Shim.openDriver(Utf8.bytes(driver));
        if (reason != null) {
            throw new IOException(Utf8.text(reason));
        }
        List<Device> devices = new ArrayList<>();
        for (int i = 0; i < Shim.deviceCount(); i++) {
            long context = Shim.retainContext(i);
            if (context == 0) {
                throw new IOException("GPU " + i + " (" + Utf8.text(Shim.deviceName(i))
                        + ") cannot be used; another process may hold it for itself");
            }
            devices.add(new Device(i, context, memoryLimit));
        }
        return List.copyOf(devices);
    }

    int number() {
        return number;
    }

    String name() {
        return name;
    }

    /** Compute capability, such as {@code 9.0}. */
    String capability() {
        return capability;
    }

    /** For the shim. */
    long context() {
        return context;
    }

    MemoryAccount memory() {
        return memory;
    }

    @Override
    public String toString() {
        return "GPU " + number + " (" + name + ", compute " + capability + ")";
    }
}
