package io.opgraft.models.view;

import com.fasterxml.jackson.core.JsonGenerator;
import io.opgraft.models.Wiring.Wire;
import io.opgraft.ops.LibraryFacts;
import io.opgraft.ops.OpProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The op libraries that compute a model version, with what is known of each. */
public final class BillOfMaterials {
    private BillOfMaterials() {}

    /**
     * An op library.
     *
     * @param provider the library
     * @param ops those of its ops that the model version uses
     */
    public record Component(OpProvider provider, List<String> ops) {
        /** Takes a copy. */
        public Component {
            ops = List.copyOf(ops);
        }

        /**
         * The library's file.
         *
         * @return its name, or empty
         */
        public String library() {
            Path file = provider.library() == null ? null : provider.library().getFileName();
            return file == null ? "" : file.toString();
        }

        /**
         * The bundle's location without the server's folders, which are nobody's business outside.
         *
         * @return a file's name; other locations as they are
         */
        public String location() {
            String location = provider.origin().location();
            return location.contains("file:") ? location.substring(location.lastIndexOf('/') + 1) : location;
        }
    }

    /** What makes one library of one bundle revision. */
    private record Key(String bundle, long bundleId, String version, String digest) {
        static Key of(Wire wire) {
            return new Key(wire.bundle(), wire.bundleId(), wire.version().toString(), wire.digest());
        }
    }

    /**
     * The libraries of a model version.
     *
     * @param version ready or not
     * @return one entry for each library; empty if nothing computes custom ops for it now
     */
    public static List<Component> of(ModelVersion version) {
        Map<Key, List<Wire>> wires = new LinkedHashMap<>();
        for (Wire wire : version.wires()) {
            wires.computeIfAbsent(Key.of(wire), key -> new ArrayList<>()).add(wire);
        }
        return wires.values().stream()
                .map(same -> new Component(
                        same.get(0).provider(), same.stream().map(Wire::op).toList()))
                .toList();
    }

    /**
     * The bill as a document.
     *
     * @param version ready or not
     * @return a JSON object
     */
    public static String json(ModelVersion version) {
        return Json.text(json -> {
            json.writeStartObject();
            Json.head(json, version);
            json.writeArrayFieldStart("components");
            for (Component component : of(version)) {
                write(json, component);
            }
            json.writeEndArray();
            Json.strings(json, "unwired_ops", version.unwiredOps());
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, Component component) throws IOException {
        OpProvider provider = component.provider();
        json.writeStartObject();
        json.writeStringField("bundle", provider.bundle());
        json.writeStringField("version", provider.version().toString());
        json.writeNumberField("bundle_id", provider.bundleId());
        json.writeStringField("provider_state", provider.state().name());
        json.writeStringField("vendor", provider.origin().vendor());
        json.writeStringField("licence", provider.origin().licence());
        json.writeStringField("location", component.location());
        json.writeBooleanField("private", provider.origin().isPrivate());
        json.writeStringField("framework", provider.framework());
        json.writeStringField("library", component.library());
        json.writeStringField("digest", provider.digest());
        json.writeStringField("loaded_digest", provider.report().loadedDigest());
        LibraryFacts facts = provider.report().facts();
        json.writeObjectFieldStart("build");
        json.writeNumberField("bytes", facts.bytes());
        json.writeStringField("machine", facts.machine());
        json.writeStringField("compiler", facts.compiler());
        json.writeStringField("runtime", facts.runtime());
        Json.strings(json, "needed", facts.needed());
        json.writeEndObject();
        Json.judgement(json, provider.report());
        Json.strings(json, "ops_used", component.ops());
        Json.strings(json, "ops", provider.ops());
        json.writeEndObject();
    }
}
