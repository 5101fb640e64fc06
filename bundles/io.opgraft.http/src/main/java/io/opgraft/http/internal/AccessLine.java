package io.opgraft.http.internal;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/** Writes one request as one line of JSON, in ASCII: nothing that a client sends can look like another line. */
final class AccessLine {
    /** Only an attack has a longer path. */
    private static final int LONGEST = 4096;

    private final StringBuilder out = new StringBuilder(256).append('{');

    private AccessLine() {}

    static String of(Request request, Response response, RequestNotes notes) {
        AccessLine line = new AccessLine();
        line.text("time", Instant.ofEpochMilli(System.currentTimeMillis()).toString());
        line.text("remote", remote(request));
        line.text("protocol", request.getConnectionMetaData().getHttpVersion().asString());
        line.text("method", request.getMethod());
        line.text("path", request.getHttpURI().getPath());
        line.number("status", response.getStatus());
        line.number("bytes_in", Request.getContentBytesRead(request));
        line.number("bytes_out", Response.getContentBytesWritten(response));
        line.number("duration_us", TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - request.getBeginNanoTime()));
        if (notes != null) {
            line.text("model", notes.model());
            notes.version().ifPresent(version -> line.text("version", Long.toString(version)));
            line.text("request_id", notes.id());
        }
        return line.end();
    }

    /** A line that says that lines are missing. */
    static String missing(long count) {
        AccessLine line = new AccessLine();
        line.text("time", Instant.ofEpochMilli(System.currentTimeMillis()).toString());
        line.number("lines_missing", count);
        return line.end();
    }

    private static String remote(Request request) {
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress address
                        && address.getAddress() != null
                ? address.getAddress().getHostAddress() + ":" + address.getPort()
                : null;
    }

    private String end() {
        return out.append("}\n").toString();
    }

    private void number(String field, long value) {
        name(field);
        out.append(value);
    }

    private void text(String field, String value) {
        if (value == null) {
            return;
        }
        name(field);
        out.append('"');
        int end = Math.min(value.length(), LONGEST);
        for (int i = 0; i < end; i++) {
            character(value.charAt(i));
        }
        out.append(end < value.length() ? "...\"" : "\"");
    }

    private void character(char c) {
        if (c == '"' || c == '\\') {
            out.append('\\').append(c);
        } else if (c >= ' ' && c <= '~') {
            out.append(c);
        } else {
            out.append("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) {
                out.append(Character.forDigit(c >> shift & 0xf, 16));
            }
        }
    }

    private void name(String field) {
        if (out.length() > 1) {
            out.append(',');
        }
        out.append('"').append(field).append("\":");
    }
}
