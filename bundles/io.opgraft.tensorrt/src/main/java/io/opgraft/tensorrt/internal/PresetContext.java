package io.opgraft.tensorrt.internal;

import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.tensorrt.nvinfer.IExecutionContext;

/** A context of TensorRT's with its stream and its place in the account of device memory. */
final class PresetContext implements EngineContext {
    private final PresetEngine engine;
    private final long bytes;
    private final long address;
    private final long stream;
    private final IExecutionContext context;
    private final CUstream_st streamPointer;

    private PresetContext(PresetEngine engine, long bytes, long address, long stream) {
        this.engine = engine;
        this.bytes = bytes;
        this.address = address;
        this.stream = stream;
        this.context = Presets.context(address);
        this.streamPointer = Presets.stream(stream);
    }

    /** To be called with the lock held. */
    static PresetContext open(PresetEngine engine, long engineAddress, int profile) throws EngineException {
        Device device = engine.device();
        Shim.use(device.context());
        long bytes = engine.contextBytes();
        try {
            device.memory().take(bytes);
        } catch (MemoryAccount.FullException e) {
            throw new EngineException("there is no room for another instance of it: " + e.getMessage());
        }
        long stream = Shim.createStream(device.context());
        long address = stream == 0 ? 0 : Presets.createContext(engineAddress);
        boolean ready = address != 0
                && (profile == 0 || Presets.setProfile(address, profile, stream))
                && Shim.waitFor(device.context(), stream) == 0;
        if (ready) {
            return new PresetContext(engine, bytes, address, stream);
        }
        String reason = engine.messages().last();
        close(device, bytes, address, stream);
        throw new EngineException("no instance of it can be made on " + device + ", which has "
                + (Shim.freeMemory() >> 20) + " MiB free" + (reason.isEmpty() ? "" : ": " + reason));
    }

    private static void close(Device device, long bytes, long address, long stream) {
        Shim.use(device.context());
        if (address != 0) {
            Shim.deleteObject(address);
        }
        if (stream != 0) {
            Shim.destroyStream(device.context(), stream);
        }
        device.memory().giveBack(bytes);
    }

    @Override
    public long stream() {
        return stream;
    }

    @Override
    public boolean setShape(String input, long[] dimensions) {
        return Presets.setShape(context, input, dimensions);
    }

    @Override
    public long[] shape(String output) {
        return Presets.shape(context, output);
    }

    @Override
    public boolean setAddress(String tensor, long where) {
        return Presets.setAddress(context, tensor, where);
    }

    @Override
    public boolean enqueue() {
        return context.enqueueV3(streamPointer);
    }

    @Override
    public RuntimeMessages messages() {
        return engine.messages();
    }

    @Override
    public void close() {
        synchronized (TensorRt.LOCK) {
            close(engine.device(), bytes, address, stream);
        }
    }
}
