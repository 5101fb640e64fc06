package io.opgraft.http.internal;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows the settings of log and trace in the form that clients know. No request changes them. */
final class SettingsRoutes {
    private final Logger root = LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);

    void log(Exchange exchange) throws HttpFailure {
        readOnly(exchange, "log");
        exchange.json(Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("log_file", "");
            json.writeBooleanField("log_info", root.isInfoEnabled());
            json.writeBooleanField("log_warning", root.isWarnEnabled());
            json.writeBooleanField("log_error", root.isErrorEnabled());
            json.writeNumberField("log_verbose_level", root.isTraceEnabled() ? 2 : root.isDebugEnabled() ? 1 : 0);
            json.writeStringField("log_format", "default");
            json.writeEndObject();
        }));
    }

    /** Nothing is traced. */
    void trace(Exchange exchange) throws HttpFailure {
        readOnly(exchange, "trace");
        exchange.json(Json.bytes(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("trace_level");
            json.writeString("OFF");
            json.writeEndArray();
            json.writeStringField("trace_rate", "1000");
            json.writeStringField("trace_count", "-1");
            json.writeStringField("log_frequency", "0");
            json.writeStringField("trace_file", "");
            json.writeStringField("trace_mode", "triton");
            json.writeEndObject();
        }));
    }

    private static void readOnly(Exchange exchange, String what) throws HttpFailure {
        if (exchange.request.getMethod().equals("POST")) {
            throw new HttpFailure(
                    501, what + " settings cannot be changed by request; they are part of the server's configuration");
        }
    }
}
