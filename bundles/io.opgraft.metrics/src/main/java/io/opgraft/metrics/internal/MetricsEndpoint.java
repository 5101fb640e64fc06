package io.opgraft.metrics.internal;

import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The listener, with the path {@code /metrics}. */
final class MetricsEndpoint implements AutoCloseable {
    static final String PATH = "/metrics";

    /** Scrapes at once; more of them wait. */
    private static final int THREADS = 2;

    private final HttpServer server;
    private final ExecutorService threads;
    private final URI uri;

    private MetricsEndpoint(HttpServer server, ExecutorService threads, URI uri) {
        this.server = server;
        this.threads = threads;
        this.uri = uri;
    }

    /**
     * Starts to listen.
     *
     * @throws IOException if it cannot; the message says why and what to do
     */
    static MetricsEndpoint start(PrometheusRegistry registry, MetricsConfig config) throws IOException {
        try {
            HttpServer server =
                    HttpServer.create(new InetSocketAddress(InetAddress.getByName(config.address()), config.port()), 0);
            ExecutorService threads = Executors.newFixedThreadPool(THREADS, MetricsEndpoint::thread);
            server.setExecutor(threads);
            server.createContext("/", new ScrapeHandler(registry));
            server.start();
            int port = server.getAddress().getPort();
            return new MetricsEndpoint(server, threads, uri(config.address(), port));
        } catch (UnknownHostException e) {
            throw new IOException(
                    "address " + config.address() + " is not known; choose another with --http-address", e);
        } catch (IOException e) {
            throw new IOException(explain(config, e), e);
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "opgraft-metrics");
        thread.setDaemon(true);
        return thread;
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
        return URI.create("http://" + host + ":" + port + PATH);
    }

    /** Where the metrics are. */
    URI uri() {
        return uri;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
