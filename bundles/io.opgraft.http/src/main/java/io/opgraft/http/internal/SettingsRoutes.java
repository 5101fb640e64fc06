package io.opgraft.http.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Shows the settings of log and trace in the form that clients know, and changes those of the log where it may. */
final class SettingsRoutes {
    private static final String TRACE_FILE = "trace_file";

    /** The settings beside the level, in Triton's order and with its defaults. */
    private static final Map<String, String> TRACE = trace();

    private final LogSettings log;
    private final boolean allowed;
    private final BodyLimits limits;

    /**
     * Makes the routes.
     *
     * @param allowed whether requests may change anything
     */
    SettingsRoutes(LogSettings log, boolean allowed, BodyLimits limits) {
        this.log = log;
        this.allowed = allowed;
        this.limits = limits;
    }

    private static Map<String, String> trace() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("trace_rate", "1000");
        settings.put("trace_count", "-1");
        settings.put("log_frequency", "0");
        settings.put(TRACE_FILE, "");
        settings.put("trace_mode", "triton");
        return settings;
    }

    void log(Exchange exchange) throws HttpFailure {
        change(exchange, "log", this::changeLog, this::showLog);
    }

    /** Nothing is traced. */
    void trace(Exchange exchange) throws HttpFailure {
        change(exchange, "trace", SettingsRoutes::changeTrace, SettingsRoutes::showTrace);
    }

    /** Takes the settings of a body over. */
    private interface Change {
        void apply(byte[] body) throws HttpFailure;
    }

    private interface Show {
        void answer(Exchange exchange);
    }

    private void change(Exchange exchange, String what, Change change, Show show) throws HttpFailure {
        if (!exchange.request.getMethod().equals("POST")) {
            show.answer(exchange);
            return;
        }
        if (!allowed) {
            throw new HttpFailure(
                    501,
                    what + " settings cannot be changed by request, unless the server allows it (--allow-settings)");
        }
        SmallBody.read(exchange, limits, body -> {
            change.apply(body);
            show.answer(exchange);
        });
    }

    private void showLog(Exchange exchange) {
        LogSettings.Shown shown = log.shown();
        exchange.json(Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("log_file", "");
            json.writeBooleanField("log_info", shown.info());
            json.writeBooleanField("log_warning", shown.warning());
            json.writeBooleanField("log_error", shown.error());
            json.writeNumberField("log_verbose_level", shown.verbose());
            json.writeStringField("log_format", "default");
            json.writeEndObject();
        }));
    }

    private void changeLog(byte[] body) throws HttpFailure {
        LogSettings.Shown[] wanted = {log.shown()};
        RepositoryRoutes.object(body, (field, json) -> wanted[0] = changed(wanted[0], field, json));
        log.change(wanted[0]);
    }

    /** As in Triton, null and what is no setting change nothing. */
    private static LogSettings.Shown changed(LogSettings.Shown now, String field, JsonParser json)
            throws IOException, HttpFailure {
        if (field.equals("log_file")) {
            throw path(field, "the log goes to stderr");
        }
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return now;
        }
        return switch (field) {
            case "log_info" ->
                new LogSettings.Shown(JsonFields.bool(json, field), now.warning(), now.error(), now.verbose());
            case "log_warning" ->
                new LogSettings.Shown(now.info(), JsonFields.bool(json, field), now.error(), now.verbose());
            case "log_error" ->
                new LogSettings.Shown(now.info(), now.warning(), JsonFields.bool(json, field), now.verbose());
            case "log_verbose_level" ->
                new LogSettings.Shown(now.info(), now.warning(), now.error(), verbose(json, field));
            case "log_format" -> {
                format(JsonFields.string(json, field));
                yield now;
            }
            default -> {
                json.skipChildren();
                yield now;
            }
        };
    }

    private static int verbose(JsonParser json, String field) throws IOException, HttpFailure {
        long level = JsonFields.size(json, field);
        if (level > Integer.MAX_VALUE) {
            throw HttpFailure.badRequest(field + " must be a whole number from 0 to " + Integer.MAX_VALUE);
        }
        return (int) level;
    }

    private static void format(String format) throws HttpFailure {
        if (format.equals("ISO8601")) {
            throw HttpFailure.unsupported("another log_format than default", "--log-format json sets it");
        }
        if (!format.equals("default")) {
            throw HttpFailure.badRequest("log_format must be 'default' or 'ISO8601'");
        }
    }

    private static void showTrace(Exchange exchange) {
        exchange.json(Json.bytes(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("trace_level");
            json.writeString("OFF");
            json.writeEndArray();
            for (Map.Entry<String, String> setting : TRACE.entrySet()) {
                json.writeStringField(setting.getKey(), setting.getValue());
            }
            json.writeEndObject();
        }));
    }

    /** Only what leaves them as they are; null asks for what the server was started with. */
    private static void changeTrace(byte[] body) throws HttpFailure {
        RepositoryRoutes.object(body, (field, json) -> {
            boolean reset = json.currentToken() == JsonToken.VALUE_NULL;
            if (field.equals(TRACE_FILE)) {
                throw path(field, "nothing is traced");
            } else if (field.equals("trace_level")) {
                JsonFields.isNullOr(json, JsonToken.START_ARRAY, field);
                while (!reset && json.nextToken() != JsonToken.END_ARRAY) {
                    String level = JsonFields.string(json, "each of trace_level");
                    if (!level.equals("OFF")) {
                        throw noTrace("trace_level " + Json.quote(level));
                    }
                }
            } else if (!TRACE.containsKey(field)) {
                json.skipChildren();
            } else if (!reset && !JsonFields.string(json, field).equals(TRACE.get(field))) {
                throw noTrace(field + " " + Json.quote(json.getText()));
            }
        });
    }

    private static HttpFailure noTrace(String what) {
        return HttpFailure.unsupported(what, "nothing is traced; statistics, metrics and the access log tell times");
    }

    private static HttpFailure path(String field, String instead) {
        return new HttpFailure(501, field + " cannot be changed: no request names a file of the server; " + instead);
    }
}
