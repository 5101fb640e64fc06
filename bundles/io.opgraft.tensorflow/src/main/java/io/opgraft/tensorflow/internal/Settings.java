package io.opgraft.tensorflow.internal;

import io.opgraft.backend.ModelLoadException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
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
 * @param ownThreads whether each session has threads of its own between ops
 * @param warmUpMillis how long the run that warms a model up may take
 * @param allowFileOps whether models may have ops that read or write files
 */
record Settings(
        Path data,
        Path nativeCache,
        int intraOpThreads,
        int interOpThreads,
        boolean runOnCaller,
        boolean ownThreads,
        long warmUpMillis,
        boolean allowFileOps) {
    /** Parameters of a model, named as Triton's TensorFlow backend names them. */
    private static final String INTRA = "TF_NUM_INTRA_THREADS";

    private static final String INTER = "TF_NUM_INTER_THREADS";
    private static final String OWN = "TF_USE_PER_SESSION_THREADS";

    private static final int MAX_THREADS = 1024;

    /** TensorFlow's word for the calling thread. */
    private static final int CALLING_THREAD = -1;

    Settings(
            Path data,
            Path nativeCache,
            int intraOpThreads,
            int interOpThreads,
            boolean runOnCaller,
            long warmUpMillis) {
        this(data, nativeCache, intraOpThreads, interOpThreads, runOnCaller, false, warmUpMillis, false);
    }

    /** With what a model's parameters say of threads. A model that asks for threads between ops gets its own. */
    Settings with(Map<String, String> parameters) throws ModelLoadException {
        int inter = threads(parameters, INTER, interOpThreads);
        String own = parameters.getOrDefault(OWN, "").toLowerCase(Locale.ROOT);
        boolean asked = own.equals("true") || own.equals("on") || own.equals("1") || parameters.containsKey(INTER);
        return new Settings(
                data,
                nativeCache,
                threads(parameters, INTRA, intraOpThreads),
                inter,
                runOnCaller && !asked,
                asked,
                warmUpMillis,
                allowFileOps);
    }

    private static int threads(Map<String, String> parameters, String name, int otherwise) throws ModelLoadException {
        String text = parameters.get(name);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("[0-9]{1,4}") || Integer.parseInt(text) > MAX_THREADS) {
            throw new ModelLoadException("the parameter " + name + " is \"" + text + "\", but must be a number from 0,"
                    + " for one thread per processor, to " + MAX_THREADS);
        }
        return Integer.parseInt(text);
    }

    static Settings of(BundleContext context, TensorFlowConfiguration configuration) {
        String data = context.getProperty("opgraft.data");
        return new Settings(
                data == null ? context.getDataFile("").toPath() : Path.of(data),
                configuration.nativeCache().isEmpty() ? defaultCache() : Path.of(configuration.nativeCache()),
                configuration.intraOpThreads(),
                configuration.interOpThreads(),
                configuration.runOnCaller(),
                false,
                configuration.warmUpMillis(),
                configuration.allowFileOps());
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
                .setUsePerSessionThreads(ownThreads)
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
