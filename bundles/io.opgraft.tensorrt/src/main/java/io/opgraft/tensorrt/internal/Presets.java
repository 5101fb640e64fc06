package io.opgraft.tensorrt.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorrt.global.nvinfer;
import org.bytedeco.tensorrt.nvinfer.Dims64;
import org.bytedeco.tensorrt.nvinfer.ICudaEngine;
import org.bytedeco.tensorrt.nvinfer.IExecutionContext;
import org.bytedeco.tensorrt.nvinfer.ILogger;
import org.bytedeco.tensorrt.nvinfer.INoCopy;
import org.bytedeco.tensorrt.nvinfer.IPluginRegistry;
import org.bytedeco.tensorrt.nvinfer.IRuntime;

/**
 * TensorRT's own calls, through the presets: all that may differ between versions of them is here. Addresses of objects
 * go in and out as numbers, 0 for none; no method checks them.
 */
final class Presets {
    /** Read by JavaCPP's classes when they are initialised. They load nothing by themselves and count no memory of ours. */
    private static final Map<String, String> JAVACPP = new TreeMap<>(Map.of(
            "org.bytedeco.javacpp.loadLibraries", "false",
            "org.bytedeco.javacpp.maxBytes", "0",
            "org.bytedeco.javacpp.maxPhysicalBytes", "0"));

    /** All that is used here: each of them would look for libraries of its own when it is initialised. */
    private static final List<Class<?>> CLASSES = List.of(
            Pointer.class,
            nvinfer.class,
            INoCopy.class,
            ILogger.class,
            IRuntime.class,
            IPluginRegistry.class,
            IPluginRegistry.PluginLibraryHandle.class,
            ICudaEngine.class,
            IExecutionContext.class,
            Dims64.class,
            CUstream_st.class);

    private static final int LINEAR = 0;
    private static final int ON_DEVICE = 0;
    private static final int INPUT = 1;
    private static final nvinfer.OptProfileSelector[] SELECTORS = {
        nvinfer.OptProfileSelector.kMIN, nvinfer.OptProfileSelector.kOPT, nvinfer.OptProfileSelector.kMAX
    };

    private Presets() {}

    /** A pointer to what lies at an address. */
    private static final class At extends Pointer {
        At(long address) {
            super((Pointer) null);
            this.address = address;
        }
    }

    /** Binds the presets to TensorRT, which has to be loaded. */
    static void load(Path javacpp, Path nvinferEntry) {
        // TensorFlow's backend does the same with other values; an interned text is one object for both.
        synchronized ("io.opgraft.javacpp".intern()) {
            loadNow(javacpp, nvinferEntry);
        }
    }

    private static void loadNow(Path javacpp, Path nvinferEntry) {
        Map<String, String> before = new TreeMap<>();
        JAVACPP.forEach((key, value) -> before.put(key, String.valueOf(System.setProperty(key, value))));
        try {
            System.load(javacpp.toString());
            System.load(nvinferEntry.toString());
            for (Class<?> used : CLASSES) {
                Class.forName(used.getName(), true, used.getClassLoader());
            }
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        } finally {
            before.forEach((key, value) -> {
                if (value.equals("null")) {
                    System.clearProperty(key);
                } else {
                    System.setProperty(key, value);
                }
            });
        }
    }

    /** With a log of the shim's. */
    static long createRuntime(long log, boolean allowPlanCode) {
        IRuntime runtime = nvinfer.createInferRuntime(new ILogger(new At(log)));
        if (addressOf(runtime) == 0) {
            return 0;
        }
        runtime.setEngineHostCodeAllowed(allowPlanCode);
        if (!allowPlanCode) {
            // The only thing that keeps TensorRT from running libraries that a plan carries.
            runtime.setTempfileControlFlags(0);
        }
        return runtime.address();
    }

    /** The runtime's own registry, which asks no other one. */
    static long registry(long runtime) {
        IPluginRegistry registry = new IRuntime(new At(runtime)).getPluginRegistry();
        registry.setParentSearchEnabled(false);
        return registry.address();
    }

    static long loadLibrary(long registry, String path) {
        return addressOf(new IPluginRegistry(new At(registry)).loadLibrary(path));
    }

    static void deregisterLibrary(long registry, long library) {
        new IPluginRegistry(new At(registry))
                .deregisterLibrary(new IPluginRegistry.PluginLibraryHandle(new At(library)));
    }

    static long deserialize(long runtime, long plan, long size) {
        return addressOf(new IRuntime(new At(runtime)).deserializeCudaEngine(new At(plan), size));
    }

    static int tensorCount(long engine) {
        return engine(engine).getNbIOTensors();
    }

    static EngineTensor tensor(long engine, int index) {
        ICudaEngine of = engine(engine);
        String name = of.getIOTensorName(index);
        boolean plain = of.getTensorFormat(name).value == LINEAR
                && of.getTensorLocation(name).value == ON_DEVICE
                && !of.isShapeInferenceIO(name);
        return new EngineTensor(
                name,
                of.getTensorIOMode(name).value == INPUT,
                Types.of(of.getTensorDataType(name).value),
                io.opgraft.backend.Shape.of(array(of.getTensorShape(name))),
                plain);
    }

    static int profiles(long engine) {
        return engine(engine).getNbOptimizationProfiles();
    }

    static Engine.Range range(long engine, String input, int profile) {
        long[][] shapes = new long[SELECTORS.length][];
        for (int i = 0; i < SELECTORS.length; i++) {
            shapes[i] = array(engine(engine).getProfileShape(input, profile, SELECTORS[i]));
        }
        return new Engine.Range(shapes[0], shapes[1], shapes[2]);
    }

    static long contextBytes(long engine) {
        return engine(engine).getDeviceMemorySizeV2();
    }

    static long createContext(long engine) {
        return addressOf(engine(engine).createExecutionContext());
    }

    static boolean setProfile(long context, int profile, long stream) {
        return context(context).setOptimizationProfileAsync(profile, stream(stream));
    }

    static IExecutionContext context(long address) {
        return new IExecutionContext(new At(address));
    }

    static CUstream_st stream(long address) {
        return new CUstream_st(new At(address));
    }

    static boolean setAddress(IExecutionContext context, String tensor, long address) {
        return context.setTensorAddress(tensor, new At(address));
    }

    static boolean setShape(IExecutionContext context, String input, long[] dimensions) {
        try (Dims64 shape = new Dims64()) {
            shape.nbDims(dimensions.length);
            for (int i = 0; i < dimensions.length; i++) {
                shape.d(i, dimensions[i]);
            }
            return context.setInputShape(input, shape);
        }
    }

    static long[] shape(IExecutionContext context, String tensor) {
        return array(context.getTensorShape(tensor));
    }

    private static long[] array(Dims64 shape) {
        try (shape) {
            long[] dimensions = new long[Math.max(0, shape.nbDims())];
            for (int i = 0; i < dimensions.length; i++) {
                dimensions[i] = shape.d(i);
            }
            return dimensions;
        }
    }

    private static ICudaEngine engine(long address) {
        return new ICudaEngine(new At(address));
    }

    /** TensorRT gives small numbers for pointers where it has no device. */
    private static long addressOf(Pointer pointer) {
        return pointer == null || pointer.address() < 0x10000 ? 0 : pointer.address();
    }
}
