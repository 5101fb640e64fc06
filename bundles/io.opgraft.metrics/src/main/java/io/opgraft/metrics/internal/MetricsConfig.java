package io.opgraft.metrics.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the metrics' listener. */
@ObjectClassDefinition(
        id = MetricsComponent.PID,
        name = "Opgraft metrics",
        description = "Prometheus metrics over HTTP")
public @interface MetricsConfig {
    @AttributeDefinition(name = "Address", description = "Address or host name to listen on")
    String address() default "127.0.0.1";

    @AttributeDefinition(name = "Port", description = "TCP port to listen on; 0 takes a free one")
    int port() default 8002;
}
