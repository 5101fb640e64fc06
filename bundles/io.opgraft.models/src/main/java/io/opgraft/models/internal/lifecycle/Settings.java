package io.opgraft.models.internal.lifecycle;

import java.nio.file.Path;
import java.util.List;

/**
 * What the deployer is told.
 *
 * @param mode control mode
 * @param load models to load at start in explicit mode; {@code *} stands for all
 * @param pollMillis time between two looks at the repositories
 * @param stateDirectory where it keeps what must outlive a restart
 * @param fileOverrides whether requests to load a model may bring files of it
 * @param limits what the models are allowed
 */
record Settings(
        ControlMode mode,
        List<String> load,
        long pollMillis,
        Path stateDirectory,
        boolean fileOverrides,
        Limits limits) {
    Settings {
        load = List.copyOf(load);
    }

    Settings(ControlMode mode, List<String> load, long pollMillis, Path stateDirectory) {
        this(mode, load, pollMillis, stateDirectory, false, Limits.DEFAULT);
    }
}
