package io.opgraft.serving.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the request path. */
@ObjectClassDefinition(name = "Opgraft request path")
public @interface ServingConfig {
    /** PID of this configuration. */
    String PID = "io.opgraft.serving";

    /** Up to which time a run stays on the thread that asked for it. */
    @AttributeDefinition(
            description = "Microseconds; runs of models that take no longer stay on the thread that read the request")
    long inlineMicros() default 1000;

    /** Threads for runs that are handed off. */
    @AttributeDefinition(description = "Most threads for runs that are handed off; they are made when needed")
    int threads() default 256;

    /** Requests that may wait for one model version. */
    @AttributeDefinition(
            description =
                    "Requests that may wait for one model version before further ones are refused; 0 for no limit")
    int maxWaiting() default 1024;

    /** How long they may wait when many wait. */
    @AttributeDefinition(
            description =
                    "Milliseconds; when more than 256 requests wait for one model version and the first of them has waited"
                            + " longer, further ones are refused; 0 for no limit")
    long maxWaitMillis() default 1000;

    /** Input bytes of all open requests. */
    @AttributeDefinition(
            description =
                    "Bytes that the inputs of all open requests may take before further ones are refused; 0 for no"
                            + " limit")
    long maxBytesInFlight() default 2L << 30;

    /** Bytes of the response cache. */
    @AttributeDefinition(
            description =
                    "Bytes that the answers in the response cache may take; only models with response_cache use it;"
                            + " 0 turns it off")
    long cacheBytes() default 64L << 20;
}
