package io.opgraft.models.view;

import com.fasterxml.jackson.core.JsonGenerator;
import io.opgraft.models.Explanation.Reason;
import io.opgraft.models.Hold;
import io.opgraft.models.Wiring.Wire;
import io.opgraft.ops.OpProvider;
import java.io.IOException;
import java.util.List;

/** The wiring of model versions as JSON. */
public final class WiringJson {
    private WiringJson() {}

    /**
     * One version.
     *
     * @param version ready or not
     * @return a JSON object
     */
    public static String of(ModelVersion version) {
        return Json.text(json -> write(json, version));
    }

    /**
     * Several versions.
     *
     * @param versions ready or not
     * @return a JSON object whose field {@code models} holds what {@link #of(ModelVersion)} gives for each
     */
    public static String of(List<ModelVersion> versions) {
        return Json.text(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("models");
            for (ModelVersion version : versions) {
                write(json, version);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, ModelVersion of) throws IOException {
        json.writeStartObject();
        Json.head(json, of);
        json.writeBooleanField("asked_for", of.model().askedFor());
        Json.strings(json, "required_ops", of.requiredOps());
        json.writeArrayFieldStart("wires");
        for (Wire wire : of.wires()) {
            write(json, wire);
        }
        json.writeEndArray();
        if (of.hold() != null) {
            hold(json, of.hold());
        }
        reasons(json, "notes", of.notes());
        reasons(json, "reasons", of.explanation().reasons());
        json.writeEndObject();
    }

    private static void hold(JsonGenerator json, Hold hold) throws IOException {
        json.writeObjectFieldStart("held");
        json.writeStringField("since", hold.since().toString());
        json.writeStringField("by", hold.by());
        json.writeObjectFieldStart("ops");
        for (Wire wire : hold.wiring().wires()) {
            json.writeStringField(wire.op(), wire.provider().label());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Wire wire) throws IOException {
        OpProvider provider = wire.provider();
        json.writeStartObject();
        json.writeStringField("op", wire.op());
        json.writeStringField("bundle", wire.bundle());
        json.writeStringField("version", wire.version().toString());
        json.writeNumberField("bundle_id", wire.bundleId());
        json.writeStringField("provider_state", provider.state().name());
        json.writeStringField("vendor", provider.origin().vendor());
        json.writeStringField("licence", provider.origin().licence());
        json.writeBooleanField("private", provider.origin().isPrivate());
        json.writeStringField("digest", wire.digest());
        json.writeStringField("loaded_digest", provider.report().loadedDigest());
        Json.judgement(json, provider.report());
        json.writeEndObject();
    }

    private static void reasons(JsonGenerator json, String field, List<Reason> reasons) throws IOException {
        json.writeArrayFieldStart(field);
        for (Reason reason : reasons) {
            json.writeStartObject();
            json.writeStringField("kind", reason.kind().name());
            json.writeStringField("op", reason.op());
            json.writeStringField("subject", reason.subject());
            json.writeStringField("message", reason.message());
            json.writeStringField("remedy", reason.remedy());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
