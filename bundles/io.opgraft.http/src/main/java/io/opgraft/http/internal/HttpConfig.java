package io.opgraft.http.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the HTTP server. */
@ObjectClassDefinition(
        id = HttpComponent.PID,
        name = "Opgraft HTTP",
        description = "The v2 inference protocol over HTTP")
public @interface HttpConfig {
    @AttributeDefinition(name = "Address", description = "Address or host name to listen on")
    String address() default "127.0.0.1";

    @AttributeDefinition(name = "Port", description = "TCP port to listen on; 0 takes a free one")
    int port() default 8000;

    @AttributeDefinition(name = "Server name", description = "Name in the server metadata")
    String serverName() default "opgraft";

    @AttributeDefinition(
            name = "Strict readiness",
            description = "Whether the server is ready only if every model that was asked for at start is ready")
    boolean strictReadiness() default true;

    @AttributeDefinition(
            name = "Largest request",
            description = "Bytes that a request body may have, as sent and after decompression")
    long maxRequestBytes() default 64L << 20;

    @AttributeDefinition(
            name = "Idle timeout",
            description = "Milliseconds after which a connection is closed on which nothing moves")
    long idleTimeoutMillis() default 60_000;

    @AttributeDefinition(
            name = "Look",
            description =
                    "Microseconds that a reading thread looks for the next request before it sleeps, while a single"
                            + " client asks again and again; 0 to sleep at once")
    long lookMicros() default 100;

    @AttributeDefinition(
            name = "Slowest request",
            description = "Bytes per second that a request body must arrive with on average; 0 for no limit")
    long minRequestBytesPerSecond() default 1024;

    @AttributeDefinition(name = "Largest header", description = "Bytes that the header of a request may have")
    int maxHeaderBytes() default 16 * 1024;

    @AttributeDefinition(
            name = "Header timeout",
            description = "Milliseconds that the header of a request, or a TLS handshake, may take once it has begun")
    long headerTimeoutMillis() default 10_000;

    @AttributeDefinition(
            name = "Most connections",
            description = "Connections at a time; a few more are accepted, but only to ask how the server is")
    int maxConnections() default 4096;

    @AttributeDefinition(
            name = "Most requests in flight",
            description = "Inference requests that are read, wait, run or are answered at a time")
    int maxRequestsInFlight() default 1024;

    @AttributeDefinition(
            name = "Most bytes in flight",
            description = "Bytes that the bodies and input tensors of all inference requests at a time may take")
    long maxBytesInFlight() default 1L << 30;

    @AttributeDefinition(
            name = "Most control requests",
            description = "Requests to load and unload models at a time; never more than a quarter of the threads")
    int maxControlRequests() default 16;

    @AttributeDefinition(
            name = "Token file",
            description = "File with tokens for model control, one in each line; without it only local clients may")
    String tokenFile() default "";

    @AttributeDefinition(
            name = "Inference token file",
            description = "File with tokens for inference, one in each line; without it everyone may")
    String inferenceTokenFile() default "";

    @AttributeDefinition(
            name = "TLS certificate",
            description = "PEM file with the server's certificate and those above it; without it there is no TLS")
    String tlsCertificate() default "";

    @AttributeDefinition(name = "TLS key", description = "PEM file with the certificate's private key, in PKCS#8")
    String tlsKey() default "";

    @AttributeDefinition(
            name = "TLS client CA",
            description = "PEM file with certificates that the certificates of clients must lead to")
    String tlsClientCa() default "";

    @AttributeDefinition(
            name = "TLS client authentication",
            description =
                    "Whether clients must have a certificate (required) or may (optional), if there is a client CA")
    String tlsClientAuth() default "required";

    @AttributeDefinition(
            name = "Access log",
            description = "File that a line for each request is appended to; - for the error stream; none for no log")
    String accessLog() default "";

    @AttributeDefinition(
            name = "Allow settings",
            description = "Whether requests that may control models may also change what the log shows")
    boolean allowSettings() default false;

    @AttributeDefinition(name = "Threads", description = "Most threads that serve requests")
    int threads() default 64;

    @AttributeDefinition(
            name = "Stop timeout",
            description = "Milliseconds that requests under way get to finish when the server stops")
    long stopTimeoutMillis() default 10_000;
}
