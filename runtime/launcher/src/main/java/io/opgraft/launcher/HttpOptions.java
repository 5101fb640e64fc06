package io.opgraft.launcher;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of {@code opgraft serve} that say what the HTTP server allows. */
final class HttpOptions {
    private static final long MEBI = 1L << 20;
    private static final long SECOND = 1000;

    /** A quarter of the threads. */
    private static final int MOST_CONTROL_REQUESTS = 16;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    private final Map<String, Object> values = new LinkedHashMap<>();

    @Option(
            names = "--strict-readiness",
            paramLabel = "true|false",
            arity = "1",
            description = "Whether the server is ready only if every model that was asked for at start is ready;"
                    + " default: true.")
    void strictReadiness(boolean strict) {
        values.put("strictReadiness", strict);
    }

    @Option(
            names = "--token-file",
            paramLabel = "F",
            description = "File with tokens for model control, one in each line; without it only clients on this"
                    + " machine may load and unload models.")
    void tokenFile(Path file) {
        values.put("tokenFile", absolute(file));
    }

    @Option(
            names = "--inference-token-file",
            paramLabel = "F",
            description = "File with tokens for inference, one in each line; without it everyone may.")
    void inferenceTokenFile(Path file) {
        values.put("inferenceTokenFile", absolute(file));
    }

    @Option(
            names = "--allow-settings",
            description = "Lets requests that may control models change the level of the log too.")
    void allowSettings(boolean allowed) {
        values.put("allowSettings", allowed);
    }

    @Option(
            names = "--access-log",
            paramLabel = "F",
            arity = "0..1",
            fallbackValue = "-",
            description = "Writes a line of JSON for each request, to a file or, without one, to stderr.")
    void accessLog(String file) {
        values.put("accessLog", file.equals("-") ? file : absolute(Path.of(file)));
    }

    @Option(
            names = "--tls-certificate",
            paramLabel = "F",
            description = "PEM file with the server's certificate, then those above it; needs --tls-key. The server"
                    + " then speaks TLS only.")
    void tlsCertificate(Path file) {
        values.put("tlsCertificate", absolute(file));
    }

    @Option(names = "--tls-key", paramLabel = "F", description = "PEM file with its private key, in PKCS#8.")
    void tlsKey(Path file) {
        values.put("tlsKey", absolute(file));
    }

    @Option(
            names = "--tls-client-ca",
            paramLabel = "F",
            description = "PEM file with certificates that those of clients must lead to.")
    void tlsClientCa(Path file) {
        values.put("tlsClientCa", absolute(file));
    }

    @Option(
            names = "--tls-client-auth",
            paramLabel = "required|optional",
            description = "Whether clients must have a certificate or may; default: required.")
    void tlsClientAuth(String mode) {
        if (!mode.equals("required") && !mode.equals("optional")) {
            throw wrong("--tls-client-auth must be required or optional, but is " + mode + ".");
        }
        values.put("tlsClientAuth", mode);
    }

    @Option(
            names = "--max-request-megabytes",
            paramLabel = "N",
            description = "MiB that a request body may have, as sent and after decompression; default: 64.")
    void maxRequestMegabytes(long megabytes) {
        values.put("maxRequestBytes", scaled("--max-request-megabytes", megabytes, MEBI));
    }

    @Option(
            names = "--max-requests-in-flight",
            paramLabel = "N",
            description = "Inference requests at a time; the rest is refused with status 503; default: 1024.")
    void maxRequestsInFlight(int requests) {
        values.put("maxRequestsInFlight", atLeastOne("--max-requests-in-flight", requests));
    }

    @Option(
            names = "--max-megabytes-in-flight",
            paramLabel = "N",
            description = "MiB that the inference requests at a time may take; the rest is refused with status 503;"
                    + " default: 1024.")
    void maxMegabytesInFlight(long megabytes) {
        values.put("maxBytesInFlight", scaled("--max-megabytes-in-flight", megabytes, MEBI));
    }

    @Option(
            names = "--max-control-requests",
            paramLabel = "N",
            description = "Requests to load and unload models at a time, 1 to 16; the rest is refused with status 503;"
                    + " default: 16.")
    void maxControlRequests(int requests) {
        if (requests < 1 || requests > MOST_CONTROL_REQUESTS) {
            throw wrong("--max-control-requests must be 1 to " + MOST_CONTROL_REQUESTS + ", but is " + requests + ".");
        }
        values.put("maxControlRequests", requests);
    }

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            description = "Connections at a time; some more may only ask how the server is; default: 4096.")
    void maxConnections(int connections) {
        values.put("maxConnections", atLeastOne("--max-connections", connections));
    }

    @Option(
            names = "--max-header-bytes",
            paramLabel = "N",
            description = "Bytes that the header of a request may have; default: 16384.")
    void maxHeaderBytes(int bytes) {
        if (bytes < 1024 || bytes > MEBI) {
            throw wrong("--max-header-bytes must be 1024 to " + MEBI + ", but is " + bytes + ".");
        }
        values.put("maxHeaderBytes", bytes);
    }

    @Option(
            names = "--header-timeout",
            paramLabel = "SECONDS",
            description = "Time that the header of a request may take once it has begun; default: 10.")
    void headerTimeout(long seconds) {
        values.put("headerTimeoutMillis", scaled("--header-timeout", seconds, SECOND));
    }

    @Option(
            names = "--idle-timeout",
            paramLabel = "SECONDS",
            description = "A connection on which nothing moves for so long is closed; default: 60.")
    void idleTimeout(long seconds) {
        values.put("idleTimeoutMillis", scaled("--idle-timeout", seconds, SECOND));
    }

    @Option(
            names = "--min-request-rate",
            paramLabel = "N",
            description = "Bytes per second; slower request bodies are refused after 10 s; 0 for no limit;"
                    + " default: 1024.")
    void minRequestRate(long bytesPerSecond) {
        if (bytesPerSecond < 0) {
            throw wrong("--min-request-rate must be at least 0, but is " + bytesPerSecond + ".");
        }
        values.put("minRequestBytesPerSecond", bytesPerSecond);
    }

    /** What was given, as properties of the HTTP server. */
    Map<String, Object> values() {
        if (values.containsKey("tlsCertificate") != values.containsKey("tlsKey")) {
            throw wrong("--tls-certificate and --tls-key must be given together.");
        }
        if (values.containsKey("tlsClientCa") && !values.containsKey("tlsKey")) {
            throw wrong("--tls-client-ca needs --tls-certificate and --tls-key.");
        }
        if (values.containsKey("tlsClientAuth") && !values.containsKey("tlsClientCa")) {
            throw wrong("--tls-client-auth needs --tls-client-ca.");
        }
        return values;
    }

    private int atLeastOne(String option, int number) {
        if (number < 1) {
            throw wrong(option + " must be at least 1, but is " + number + ".");
        }
        return number;
    }

    private long scaled(String option, long number, long unit) {
        if (number < 1 || number > Integer.MAX_VALUE) {
            throw wrong(option + " must be 1 to " + Integer.MAX_VALUE + ", but is " + number + ".");
        }
        return number * unit;
    }

    private static String absolute(Path path) {
        return path.toAbsolutePath().normalize().toString();
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
