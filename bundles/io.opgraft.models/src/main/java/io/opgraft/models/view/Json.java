package io.opgraft.models.view;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.opgraft.ops.LibraryReport;
import io.opgraft.probe.Finding;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** What the documents share. */
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    /** Writes a document. */
    interface Writer {
        void write(JsonGenerator json) throws IOException;
    }

    private Json() {}

    static String text(Writer writer) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            writer.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** The fields that say which version a document is about. */
    static void head(JsonGenerator json, ModelVersion of) throws IOException {
        json.writeStringField("model", of.model().name());
        if (of.version() != null) {
            json.writeStringField("version", Long.toString(of.version().version()));
        }
        json.writeStringField("state", of.state().name());
    }

    static void strings(JsonGenerator json, String field, List<String> values) throws IOException {
        json.writeArrayFieldStart(field);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    /** The fields that say how a library was judged. */
    static void judgement(JsonGenerator json, LibraryReport report) throws IOException {
        json.writeStringField("verdict", report.verdict().toString());
        json.writeArrayFieldStart("findings");
        for (Finding finding : report.findings()) {
            json.writeStartObject();
            json.writeStringField("verdict", finding.verdict().toString());
            json.writeStringField("topic", finding.topic());
            json.writeStringField("file", finding.file());
            json.writeStringField("message", finding.message());
            json.writeStringField("remedy", finding.remedy());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
