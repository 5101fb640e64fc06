package io.opgraft.tensorrt.internal;

import java.nio.file.Path;
import org.osgi.framework.BundleContext;

/**
 * How the backend runs.
 *
 * @param data the server's data directory
 * @param home folder of an installed TensorRT, or null
 * @param distribution folder of the distribution, or null if it is not known
 * @param allowPlanCode whether plans that carry host code are loaded
 * @param deviceMemory bytes that models may take on one GPU; 0 for no limit
 * @param hostMemory bytes of pinned memory that are kept for reuse
 * @param cudaGraphs whether small plans may run as CUDA graphs
 * @param unmapRetired whether plugin libraries that no model uses are unmapped
 * @param tryPlans whether plans with plugins are run in a process of their own first
 * @param probeMillis how long the trial load of a library may take
 */
record Settings(
        Path data,
        Path home,
        Path distribution,
        boolean allowPlanCode,
        long deviceMemory,
        long hostMemory,
        boolean cudaGraphs,
        boolean unmapRetired,
        boolean tryPlans,
        long probeMillis) {
    static Settings of(BundleContext context, TensorRtConfiguration configuration) {
        String data = context.getProperty("opgraft.data");
        String distribution = context.getProperty("opgraft.home");
        return new Settings(
                data == null ? context.getDataFile("").toPath() : Path.of(data),
                configuration.home().isEmpty() ? null : Path.of(configuration.home()),
                distribution == null ? null : Path.of(distribution),
                configuration.allowPlanCode(),
                Math.max(0, configuration.deviceMemoryMegabytes()) << 20,
                Math.max(0, configuration.hostMemoryMegabytes()) << 20,
                configuration.cudaGraphs(),
                configuration.unmapRetired(),
                configuration.tryPlans(),
                configuration.probeMillis());
    }

    /** For short-lived files. */
    Path scratch() {
        return data.resolve("tmp");
    }

    /** Which plans passed their trials. */
    Path trials() {
        return data.resolve("tensorrt").resolve("trials");
    }

    /** What was learned of plans. */
    Path plans() {
        return data.resolve("tensorrt").resolve("plans");
    }
}
