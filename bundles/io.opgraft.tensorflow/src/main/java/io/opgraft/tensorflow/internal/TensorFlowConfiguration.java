package io.opgraft.tensorflow.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the TensorFlow backend, PID {@code io.opgraft.tensorflow}. */
@ObjectClassDefinition(name = "Opgraft TensorFlow backend")
@interface TensorFlowConfiguration {
    @AttributeDefinition(
            description =
                    "Folder that TensorFlow's native libraries are unpacked into, once for each version; empty for"
                            + " opgraft in $XDG_CACHE_HOME or ~/.cache")
    String nativeCache() default "";

    @AttributeDefinition(
            description =
                    "Threads within one op. The first loaded model settles it for the process; 0 for one per processor")
    int intraOpThreads() default 1;

    @AttributeDefinition(
            description =
                    "Threads for ops of one run that do not depend on each other; 0 for one per processor. Without"
                            + " effect while runOnCaller is true")
    int interOpThreads() default 1;

    @AttributeDefinition(description = "Whether a run stays on the thread that asked for it; fastest for small models")
    boolean runOnCaller() default true;

    @AttributeDefinition(description = "Longest time for the run with zeros that warms a model up, in milliseconds")
    long warmUpMillis() default 30_000;

    @AttributeDefinition(
            description =
                    "Whether models may have TensorFlow's ops that read or write files of the server or run Python")
    boolean allowFileOps() default false;

    @AttributeDefinition(description = "Longest time for the trial load of an op library, in milliseconds")
    long probeMillis() default 30_000;
}
