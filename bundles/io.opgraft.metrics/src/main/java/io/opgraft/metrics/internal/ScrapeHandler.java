package io.opgraft.metrics.internal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.model.registry.MetricNameFilter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers scrapes with Prometheus text, whatever else a scraper accepts, as Triton does. */
final class ScrapeHandler implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ScrapeHandler.class);
    private static final String NAME = "name[]";

    private final PrometheusRegistry registry;
    private final TextFormat format = new TextFormat();

    ScrapeHandler(PrometheusRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (!path.equals(MetricsEndpoint.PATH) && !path.equals(MetricsEndpoint.PATH + "/")) {
                answer(exchange, 404, "text/plain; charset=utf-8", bytes("Metrics are at " + MetricsEndpoint.PATH));
                return;
            }
            String method = exchange.getRequestMethod();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                answer(exchange, 405, "text/plain; charset=utf-8", bytes("Metrics are read by GET"));
                return;
            }
            byte[] text;
            try {
                text = text(exchange);
            } catch (RuntimeException e) {
                LOG.error("A scrape failed", e);
                answer(exchange, 500, "text/plain; charset=utf-8", bytes("The server's log says what failed"));
                return;
            }
            answer(exchange, 200, format.contentType(), text);
        }
    }

    private byte[] text(HttpExchange exchange) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String accept = exchange.getRequestHeaders().getFirst("Accept");
        format.write(
                out,
                registry.scrape(filter(exchange.getRequestURI().getRawQuery())),
                EscapingScheme.fromAcceptHeader(accept));
        return out.toByteArray();
    }

    /** The metrics that the query picks, all if it picks none. */
    private static Predicate<String> filter(String query) {
        List<String> names = new ArrayList<>();
        for (String pair : query == null ? new String[0] : query.split("&")) {
            String[] parts = pair.split("=", 2);
            if (parts.length == 2 && decode(parts[0]).equals(NAME)) {
                names.add(decode(parts[1]));
            }
        }
        return names.isEmpty()
                ? MetricNameFilter.ALLOW_ALL
                : MetricNameFilter.builder().nameMustBeEqualTo(names).build();
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String line) {
        return (line + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        byte[] sent = body;
        String encodings = exchange.getRequestHeaders().getFirst("Accept-Encoding");
        if (status == 200 && encodings != null && encodings.contains("gzip")) {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            sent = gzip(body);
        }
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(sent.length));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, sent.length);
        exchange.getResponseBody().write(sent);
    }

    private static byte[] gzip(byte[] body) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(body.length / 4);
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(body);
        }
        return packed.toByteArray();
    }
}
