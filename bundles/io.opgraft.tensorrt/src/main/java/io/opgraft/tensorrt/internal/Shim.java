package io.opgraft.tensorrt.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The native shim, {@code libopgraft_tensorrt.so}: the CUDA driver, deleters and loggers. Addresses are those of native
 * memory; the methods do not check them. Numbers that are called codes are the driver's, 0 for success. A context is that
 * of a device, from {@link #retainContext}.
 */
final class Shim {
    private static boolean loaded;

    private Shim() {}

    /** Loads it once: of two copies each would answer some of the calls, with a state of its own. */
    static synchronized void load(Path folder) throws IOException {
        if (!loaded) {
            System.load(Natives.unpack(Natives.SHIM, folder).toString());
            loaded = true;
        }
    }

    /** Null if there is a device, else why not. Everything else about devices only after it gave null. */
    static native byte[] openDriver(byte[] library);

    static native int deviceCount();

    /** Such as 12080 for CUDA 12.8. */
    static native int driverVersion();

    static native byte[] deviceName(int device);

    /** Such as {@code GPU-8f6d3ac4-...}; null if the driver does not say. */
    static native byte[] deviceUuid(int device);

    /** Opens the driver's management library; 0 if it cannot be used. It stays open. */
    static native long openMonitor(byte[] library);

    /**
     * Utilization (0 to 1), bytes of memory and of used memory, watts, limit of watts, joules since the driver was
     * loaded; NaN for what a device does not say.
     *
     * @return null if the device is not known
     */
    static native double[] figures(long monitor, byte[] uuid);

    /** An attribute by the driver's number; -1 if it is not known. */
    static native int deviceAttribute(int device, int attribute);

    /** Makes a device ready; 0 if that fails. */
    static native long retainContext(int device);

    /** Makes a context the calling thread's; a code. */
    static native int use(long context);

    /** Bytes that the device of the calling thread has left; -1 if it does not say. */
    static native long freeMemory();

    /** Pinned memory, 0 if there is none. */
    static native long allocateHost(long context, long size);

    static native void freeHost(long context, long address);

    /** Memory of the device, 0 if there is none. */
    static native long allocateDevice(long context, long size);

    static native void freeDevice(long context, long address);

    /** 0 if that fails. */
    static native long createStream(long context);

    /** Waits for all work of a stream; a code. */
    static native int waitFor(long context, long stream);

    static native void destroyStream(long context, long stream);

    /**
     * Begins a run: copies to the device.
     *
     * @param table of copies, each three 64-bit numbers: to, from, size
     * @return a code
     */
    static native int begin(long context, long stream, long table, int count);

    /** Ends a run: copies from the device and waits; a code. */
    static native int finish(long stream, long table, int count);

    /** What follows is recorded instead of done; a code. */
    static native int beginCapture(long context, long stream);

    /** Ends a recording: a graph, or 0. */
    static native long endCapture(long stream);

    /** A whole run with a graph between the copies; a code. */
    static native int replay(
            long context, long stream, long graph, long inTable, int inputs, long outTable, int outputs);

    static native void destroyGraph(long context, long graph);

    static native byte[] errorText(int code);

    /** Opens a library for its own scope only, with all symbols bound; 0 if that fails. */
    static native long openLibrary(byte[] path);

    /** Why the last {@link #openLibrary} of this thread failed. */
    static native byte[] loaderError();

    static native void closeLibrary(long library);

    /** The file that a symbol of a library lies in; null if there is none. */
    static native byte[] pathOf(long library, byte[] symbol);

    /** TensorRT's version, such as 100600; -1 if the library is another one. */
    static native int versionOf(long library);

    /** A logger for a runtime. */
    static native long newLog();

    /** Errors and warnings since the last call, one a line, each after its severity as a digit. */
    static native byte[] takeLog(long log);

    static native void writeLog(long log, int severity, byte[] line);

    static native void deleteLog(long log);

    /** Deletes a runtime, an engine or a context of TensorRT's. */
    static native void deleteObject(long object);

    /** A file in memory, read only; 0 if that fails. */
    static native long mapFile(byte[] path, long size);

    static native void unmapFile(long address, long size);

    static native long addressOf(ByteBuffer direct);

    /** A direct buffer over memory. */
    static native ByteBuffer view(long address, long size);

    /** Whether every byte is 0 or 1. */
    static native boolean areBooleans(long address, long size);
}
