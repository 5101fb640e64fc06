package io.opgraft.tensorrt.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the TensorRT backend, PID {@code io.opgraft.tensorrt}. */
@ObjectClassDefinition(name = "Opgraft TensorRT backend")
@interface TensorRtConfiguration {
    @AttributeDefinition(
            description =
                    "Folder of an installed TensorRT 10; empty for the distribution's own or what the dynamic loader"
                            + " finds")
    String home() default "";

    @AttributeDefinition(description = "Whether plans that carry host code are loaded; that code runs in the server")
    boolean allowPlanCode() default false;

    @AttributeDefinition(
            description = "Device memory in MiB that all models together may take on one GPU; 0 for no limit")
    long deviceMemoryMegabytes() default 0;

    @AttributeDefinition(description = "Pinned host memory in MiB that is kept for reuse")
    long hostMemoryMegabytes() default 1024;

    @AttributeDefinition(description = "Whether small runs are done as CUDA graphs where that is measured to be faster")
    boolean cudaGraphs() default true;

    @AttributeDefinition(description = "Whether plugin libraries that no model uses any more are unmapped")
    boolean unmapRetired() default false;

    @AttributeDefinition(
            description =
                    "Whether each plan with plugins is opened and run once in a process of its own before the server"
                            + " opens it")
    boolean tryPlans() default true;

    @AttributeDefinition(description = "Longest time for the trial load of a plugin library, in milliseconds")
    long probeMillis() default 30_000;
}
