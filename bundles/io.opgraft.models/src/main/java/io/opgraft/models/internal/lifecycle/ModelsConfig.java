package io.opgraft.models.internal.lifecycle;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Configuration of the models. */
@ObjectClassDefinition(name = "Opgraft models")
public @interface ModelsConfig {
    /** PID of this configuration. */
    String PID = "io.opgraft.models";

    /** Absolute paths of the model repositories. */
    @AttributeDefinition(description = "Absolute paths of the model repositories")
    String[] repositories() default {};

    /** Who decides which models are loaded. */
    @AttributeDefinition(
            description = "Who decides which models are loaded",
            options = {@Option("none"), @Option("poll"), @Option("explicit")})
    String controlMode() default "none";

    /** Models to load at start in explicit mode. */
    @AttributeDefinition(description = "Models to load at start in explicit mode; * for all")
    String[] load() default {};

    /** Time between two looks at the repositories in poll mode. */
    @AttributeDefinition(description = "Milliseconds between two looks at the repositories in poll mode")
    long pollMillis() default 1000;

    /** How long a model serves on when the bundle of an op went away. */
    @AttributeDefinition(description = "Milliseconds that a model serves on when the bundle of an op went away")
    long opGraceMillis() default 5000;

    /** How long requests under way may take when the server stops. */
    @AttributeDefinition(description = "Milliseconds that requests under way may take when the server stops")
    long drainMillis() default 10_000;

    /** How long the warm-up requests of one model version may take together. */
    @AttributeDefinition(description = "Milliseconds that the warm-up requests of one model version may take together")
    long warmupMillis() default 30_000;

    /** How many op libraries may stay mapped without being in use before new ones are refused. */
    @AttributeDefinition(
            description = "Op libraries that may stay mapped without being in use before new ones are refused; 0 for no"
                    + " limit")
    int maxRetainedLibraries() default 0;

    /** How much memory those may take. */
    @AttributeDefinition(
            description =
                    "Mebibytes that op libraries without use may take before new ones are refused; 0 for no limit")
    long maxRetainedMegabytes() default 0;

    /** Whether requests to load a model may bring files of it. */
    @AttributeDefinition(description = "Whether requests to load a model may bring files of it")
    boolean allowFileOverrides() default false;

    /** The start level of the framework at which the first pass begins. */
    @AttributeDefinition(description = "Start level of the framework at which the first pass begins")
    int startLevel() default 30;
}
