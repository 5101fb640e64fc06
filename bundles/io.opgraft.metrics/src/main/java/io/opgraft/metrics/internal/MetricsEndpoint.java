package io.opgraft.metrics.internal;

import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;

/** The listener, with the path {@code /metrics}. */
final class MetricsEndpoint implements AutoCloseable {
    private final HTTPServer server;
    private final URI uri;

    private MetricsEndpoint(HTTPServer server, URI uri) {
        this.server = server;
        this.uri = uri;
    }

    /**
     * Starts to listen.
     *
     * @throws IOException if it cannot; the message says why and what to do
     */
    static MetricsEndpoint start(PrometheusRegistry registry, MetricsConfig config) throws IOException {
        try {
            HTTPServer server = HTTPServer.builder()
                    .inetAddress(InetAddress.getByName(config.address()))
                    .port(config.port())
                    .registry(registry)
                    .registerHealthHandler(false)
                    .buildAndStart();
            return new MetricsEndpoint(server, uri(config.address(), server.getPort()));
        } catch (UnknownHostException e) {
            throw new IOException(
                    "address " + config.address() + " is not known; choose another with --http-address", e);
        } catch (IOException e) {
            throw new IOException(explain(config, e), e);
        }
    }

    private static String explain(MetricsConfig config, IOException failure) {
        String text = String.valueOf(failure.getMessage());
        String why = text.toLowerCase(Locale.ROOT).contains("in use")
                ? " is in use by another program"
                : " cannot be listened on (" + text + ")";
        return "port " + config.port() + " of " + config.address() + why
                + "; choose another with --metrics-port (0 takes a free one, -1 none)";
    }

    private static URI uri(String address, int port) {
        String host = address.indexOf(':') >= 0 ? "[" + address + "]" : address;
        return URI.create("http://" + host + ":" + port + "/metrics");
    }

    /** Where the metrics are. */
    URI uri() {
        return uri;
    }

    @Override
    public void close() {
        server.close();
    }
}
