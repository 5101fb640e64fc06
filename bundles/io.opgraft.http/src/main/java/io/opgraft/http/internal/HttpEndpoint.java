package io.opgraft.http.internal;

import io.opgraft.models.Models;
import io.opgraft.serving.Serving;
import java.net.BindException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server: one connector that speaks HTTP/1.1 and HTTP/2, with or without TLS. */
final class HttpEndpoint implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoint.class);
    private static final int RESPONSE_HEADER_BYTES = 16 * 1024;
    private static final int BACKLOG = 1024;

    /** Bytes that are read from a connection at a time. */
    static final int INPUT_BUFFER = 64 * 1024;

    private static final int LEAST_THREADS = 8;

    private final HttpConfig config;
    private final Server server;
    private final Connections connector;
    private final Draining draining;
    private final Admission admission;
    private final Places control;
    private final Access access;
    private final AccessLog accessLog;
    private final TlsFiles tlsFiles;
    private final Tls tls;
    private final List<WatchedFiles> watched = new ArrayList<>();
    private URI uri;

    private HttpEndpoint(HttpConfig config, Serving serving, Models models, String version, LogSettings log)
            throws HttpStartException {
        this.config = config;
        PreEncoders.load();
        int most = Math.max(config.threads(), LEAST_THREADS);
        QueuedThreadPool threads = new QueuedThreadPool(most, LEAST_THREADS);
        threads.setName("opgraft-http");
        server = new Server(threads);
        // Handlers do not change, so requests can stay on the thread that read them; what blocks leaves it by itself.
        server.setDynamic(false);
        HttpConfiguration http = http(config);
        tlsFiles = TlsFiles.of(config);
        tls = tlsFiles == null ? null : new Tls(tlsFiles);
        connector = new Connections(
                server,
                config.maxConnections(),
                config.headerTimeoutMillis(),
                config.lookMicros(),
                Protocols.of(http, tls));
        connector.setHost(config.address());
        connector.setPort(config.port());
        connector.setIdleTimeout(config.idleTimeoutMillis());
        connector.setAcceptQueueSize(BACKLOG);
        server.addConnector(connector);
        List<String> extensions = MetadataRoutes.extensions(config.allowSettings());
        MetadataRoutes metadata = new MetadataRoutes(
                models, config.serverName(), version, extensions, config.strictReadiness(), this::stopping);
        BodyLimits limits = new BodyLimits(config.maxRequestBytes(), config.minRequestBytesPerSecond());
        admission = new Admission(config.maxRequestsInFlight(), config.maxBytesInFlight());
        // Each holds a thread while its model loads; inference and health must find others.
        control = new Places(Math.max(1, Math.min(config.maxControlRequests(), most / 4)));
        access = new Access(tokens(config.tokenFile()), tokens(config.inferenceTokenFile()));
        accessLog = config.accessLog().isEmpty() ? null : new AccessLog(config.accessLog());
        server.setRequestLog(accessLog);
        Gate gate = new Gate(access, admission, control, connector, accessLog != null);
        draining = new Draining(
                new V2Handler(
                        serving,
                        metadata,
                        new WiringRoutes(models),
                        new StatisticsRoutes(models, serving),
                        new RepositoryRoutes(models, limits),
                        new SettingsRoutes(log, config.allowSettings(), limits),
                        limits,
                        gate),
                connector);
        server.setHandler(draining);
        server.setErrorHandler(new JsonErrors());
    }

    private static HttpConfiguration http(HttpConfig config) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(config.maxHeaderBytes());
        http.setResponseHeaderSize(RESPONSE_HEADER_BYTES);
        return http;
    }

    private static Tokens tokens(String file) throws HttpStartException {
        return file.isEmpty() ? null : Tokens.read(Path.of(file));
    }

    /**
     * Starts a server.
     *
     * @param version the product's version
     * @param log what the log shows
     * @throws HttpStartException if it cannot listen; the message says why and what to do
     */
    static HttpEndpoint start(HttpConfig config, Serving serving, Models models, String version, LogSettings log)
            throws HttpStartException {
        HttpEndpoint endpoint = new HttpEndpoint(config, serving, models, version, log);
        try {
            endpoint.server.start();
            endpoint.uri =
                    uri(endpoint.tls == null ? "http" : "https", config.address(), endpoint.connector.getLocalPort());
            endpoint.watchFiles();
            return endpoint;
        } catch (Exception e) {
            endpoint.stopServer();
            throw new HttpStartException(explain(config, e), e);
        }
    }

    private static String explain(HttpConfig config, Exception failure) {
        String place = "port " + config.port() + " of " + config.address();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (text.contains("permission denied")) {
                return place + " needs more rights than this process has; choose another with --http-port";
            }
            if (text.contains("unresolved") || cause instanceof UnresolvedAddressException) {
                return "address " + config.address() + " is not known; choose another with --http-address";
            }
            if (text.contains("cannot assign")) {
                return "address " + config.address()
                        + " does not belong to this machine; choose another with --http-address";
            }
            if (cause instanceof BindException && text.contains("in use")) {
                return place + " is in use by another process; choose another with --http-port";
            }
        }
        return "HTTP cannot listen on " + place + ": " + failure.getMessage();
    }

    private boolean stopping() {
        return draining.stopping();
    }

    /** Certificates and tokens may be exchanged while the server runs. */
    private void watchFiles() {
        if (tls != null) {
            watch(tlsFiles.all(), tls::reload);
        }
        watchTokens(config.tokenFile(), access::control);
        watchTokens(config.inferenceTokenFile(), access::infer);
    }

    private void watchTokens(String file, Consumer<Tokens> target) {
        if (!file.isEmpty()) {
            watch(List.of(Path.of(file)), () -> {
                try {
                    target.accept(tokens(file));
                    LOG.info("The tokens of {} are those that it has now", file);
                } catch (HttpStartException e) {
                    LOG.warn("The tokens stay as they are: {}", e.getMessage());
                }
            });
        }
    }

    private void watch(List<Path> files, Runnable changed) {
        watched.add(new WatchedFiles(files, connector.getScheduler(), changed));
    }

    private static URI uri(String scheme, String address, int port) {
        String host = address.indexOf(':') >= 0 ? "[" + address + "]" : address;
        return URI.create(scheme + "://" + host + ":" + port);
    }

    /** The requests under way. */
    Admission admission() {
        return admission;
    }

    /** Requests for model control under way. */
    Places control() {
        return control;
    }

    /** Where it listens, or did. */
    URI uri() {
        return uri;
    }

    /** Stops: not ready at once, no new connections, requests under way finish within the configured time. */
    @Override
    public void close() {
        draining.begin();
        // Closes the listening socket now; what it waits for, the end of connections, is waited for below.
        Future<?> unused = connector.shutdown();
        try {
            int left = draining.await(config.stopTimeoutMillis());
            if (left > 0) {
                LOG.warn("HTTP stops with {} requests under way", left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        stopServer();
    }

    private void stopServer() {
        watched.forEach(WatchedFiles::close);
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("HTTP did not stop cleanly: {}", e.toString());
        }
        server.destroy();
        if (accessLog != null) {
            accessLog.close();
        }
    }
}
