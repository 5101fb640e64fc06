package io.opgraft.tools.internal.lint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.opgraft.ops.LibraryFacts;
import io.opgraft.probe.Finding;
import io.opgraft.probe.ProbeReport;
import io.opgraft.probe.ProbedKernel;
import io.opgraft.probe.ProbedOp;
import io.opgraft.probe.Registration;
import io.opgraft.tools.internal.judge.Judgement;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What lint found, for programs: an array with one object for each file. */
final class LintJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final String noTrial;

    /** With the reason why nothing was loaded on trial; empty if there is none. */
    LintJson(String noTrial) {
        this.noTrial = noTrial;
    }

    String write(List<FileReport> reports) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.setPrettyPrinter(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));
            json.writeStartArray();
            for (FileReport report : reports) {
                file(json, report);
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private void file(JsonGenerator json, FileReport report) throws IOException {
        json.writeStartObject();
        json.writeStringField("file", report.file());
        json.writeStringField("verdict", report.verdict().toString());
        if (report.container()) {
            json.writeStringField("label", report.label());
            json.writeArrayFieldStart("reasons");
            for (Judgement library : report.libraries()) {
                for (Finding reason : library.reasons()) {
                    reason(json, reason);
                }
            }
            json.writeEndArray();
            json.writeArrayFieldStart("libraries");
            for (Judgement library : report.libraries()) {
                json.writeStartObject();
                json.writeStringField("library", library.name());
                json.writeStringField("verdict", library.verdict().toString());
                library(json, library);
                json.writeEndObject();
            }
            json.writeEndArray();
        } else {
            library(json, report.libraries().get(0));
        }
        json.writeEndObject();
    }

    private void library(JsonGenerator json, Judgement library) throws IOException {
        json.writeArrayFieldStart("reasons");
        for (Finding reason : library.reasons()) {
            reason(json, reason);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("ops");
        for (ProbedOp op : library.ops()) {
            op(json, op);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("registrations");
        for (Registration registration : library.registrations()) {
            json.writeStartObject();
            json.writeStringField("kind", registration.kind());
            json.writeStringField("name", registration.name());
            json.writeStringField("reach", registration.reach().name().toLowerCase(Locale.ROOT));
            json.writeEndObject();
        }
        json.writeEndArray();
        facts(json, library.facts());
        json.writeStringField(
                "digest", library.provider() == null ? "" : library.provider().digest());
        trial(json, library);
    }

    private static void reason(JsonGenerator json, Finding reason) throws IOException {
        json.writeStartObject();
        json.writeStringField("verdict", reason.verdict().toString());
        json.writeStringField("topic", reason.topic());
        json.writeStringField("file", reason.file());
        json.writeStringField("message", reason.message());
        json.writeStringField("remedy", reason.remedy());
        json.writeEndObject();
    }

    private static void op(JsonGenerator json, ProbedOp op) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", op.name());
        json.writeStringField("signature", op.signature());
        json.writeArrayFieldStart("kernels");
        for (ProbedKernel kernel : op.kernels()) {
            json.writeStartObject();
            json.writeStringField("device", kernel.device());
            json.writeObjectFieldStart("constraints");
            for (Map.Entry<String, List<String>> entry : new TreeMap<>(kernel.constraints()).entrySet()) {
                strings(json, entry.getKey(), entry.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void facts(JsonGenerator json, LibraryFacts facts) throws IOException {
        json.writeObjectFieldStart("facts");
        json.writeNumberField("bytes", facts.bytes());
        json.writeStringField("machine", facts.machine());
        json.writeStringField("compiler", facts.compiler());
        json.writeStringField("runtime", facts.runtime());
        strings(json, "needed", facts.needed());
        json.writeEndObject();
    }

    private void trial(JsonGenerator json, Judgement library) throws IOException {
        json.writeObjectFieldStart("trial");
        json.writeBooleanField("made", library.tried());
        if (library.tried()) {
            ProbeReport probe = library.provider().report().probe();
            json.writeNumberField("millis", probe.millis());
            json.writeStringField("secondLoad", probe.secondLoad());
            json.writeStringField("output", probe.output());
        } else {
            json.writeStringField("reason", library.refused() ? "refused before" : noTrial);
        }
        json.writeEndObject();
    }

    private static void strings(JsonGenerator json, String name, List<String> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }
}
