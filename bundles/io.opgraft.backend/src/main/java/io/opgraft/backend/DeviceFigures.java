package io.opgraft.backend;

/**
 * What a device that runs models says of itself now. A figure that it does not give is {@link Double#NaN}.
 *
 * @param uuid names the device among all, such as {@code GPU-8f6d3ac4-...}
 * @param utilization part of the last moments in which it computed, 0 to 1
 * @param memoryTotal bytes that it has
 * @param memoryUsed bytes that are taken, by whatever process
 * @param powerUsage watts that it takes
 * @param powerLimit watts that it may take
 * @param energy joules that it has taken since the backend started
 */
public record DeviceFigures(
        String uuid,
        double utilization,
        double memoryTotal,
        double memoryUsed,
        double powerUsage,
        double powerLimit,
        double energy) {}
