package io.opgraft.tensorrt.internal;

import java.util.List;

/** Opens plans. There is one for TensorRT; tests have their own. */
interface EngineFactory {
    /** TensorRT's version, such as {@code 10.6.0}. */
    String version();

    /** At least one. */
    List<Device> devices();

    /**
     * Opens a plan with some plugin libraries and no others.
     *
     * @throws EngineException if a plugin is missing, or the plan or a library cannot be used
     */
    Engine open(PlanFile plan, List<PluginLibrary> libraries, Device device) throws EngineException;
}
