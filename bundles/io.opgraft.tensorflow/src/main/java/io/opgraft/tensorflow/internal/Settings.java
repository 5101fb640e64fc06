package io.opgraft.tensorflow.internal;

import java.nio.file.Path;
import org.osgi.framework.BundleContext;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.RunOptions;

/**
 * How the backend runs.
 *
 * @param data the server's data directory
 * @param nativeCache where TensorFlow's natives are unpacked
 * @param intraOpThreads threads within one op, for the whole process; 0 for as many as there are processors
 * @param interOpThreads threads for ops of one run that do not depend on each other; 0 for as many as processors
 * @param runOnCaller whether a run stays on the thread that asked for it
 * @param warmUpMillis how long the run that warms a model up may take
 */
record Settings(
        Path data, Path nativeCache, int intraOpThreads, int interOpThreads, boolean runOnCaller, long warmUpMillis) {
    /** TensorFlow's word for the calling thread. */
    private static final int CALLING_THREAD = -1;

    static Settings of(BundleContext context, TensorFlowConfiguration configuration) {
        String data = context.getProperty("opgraft.data");
        return new Settings(
                data == null ? context.getDataFile("").toPath() : Path.of(data),
                configuration.nativeCache().isEmpty() ? defaultCache() : Path.of(configuration.nativeCache()),
                configuration.intraOpThreads(),
                configuration.interOpThreads(),
                configuration.runOnCaller(),
                configuration.warmUpMillis());
    }

    static Path defaultCache() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path base = xdg == null || xdg.isEmpty() || !Path.of(xdg).isAbsolute()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(xdg);
        return base.resolve("opgraft");
    }

    Path bound() {
        return data.resolve("bound");
    }

    Path scratch() {
        return data.resolve("tmp");
    }

    byte[] sessionConfig() {
        return ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(intraOpThreads)
                .setInterOpParallelismThreads(interOpThreads)
                .setAllowSoftPlacement(true)
                .build()
                .toByteArray();
    }

    byte[] runOptions() {
        RunOptions.Builder options = RunOptions.newBuilder();
        if (runOnCaller) {
            options.setInterOpThreadPool(CALLING_THREAD);
        }
        return options.build().toByteArray();
    }

    /** Not on the calling thread, where TensorFlow cannot keep a time limit. */
    byte[] warmUpOptions() {
        return RunOptions.newBuilder().setTimeoutInMs(warmUpMillis).build().toByteArray();
    }
}
