package io.opgraft.http.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.ModelStatus;
import io.opgraft.models.ModelStatus.State;
import io.opgraft.models.ModelStatus.VersionStatus;
import io.opgraft.models.Models;
import io.opgraft.models.UnknownModelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Answers what the server and its models are and whether they are ready. */
final class MetadataRoutes {
    /** Exactly what works everywhere: clients skip what is not named. */
    static final List<String> EXTENSIONS = List.of(
            "classification",
            "model_configuration",
            "model_repository",
            "model_repository(unload_dependents)",
            "parameters",
            "schedule_policy",
            "statistics",
            "binary_tensor_data");

    /** What works where requests may change settings. */
    private static final String LOGGING = "logging";

    private final Models models;
    private final boolean strict;
    private final BooleanSupplier stopping;
    private final byte[] server;

    /**
     * Makes the routes.
     *
     * @param extensions what works here
     * @param strict whether the server is ready only if its models are
     */
    MetadataRoutes(
            Models models,
            String name,
            String version,
            List<String> extensions,
            boolean strict,
            BooleanSupplier stopping) {
        this.models = models;
        this.strict = strict;
        this.stopping = stopping;
        this.server = Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("name", name);
            json.writeStringField("version", version);
            json.writeArrayFieldStart("extensions");
            for (String extension : extensions) {
                json.writeString(extension);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** What works in a server. */
    static List<String> extensions(boolean settings) {
        return settings ? Stream.concat(EXTENSIONS.stream(), Stream.of(LOGGING)).toList() : EXTENSIONS;
    }

    void server(Exchange exchange) {
        exchange.json(server);
    }

    void ready(Exchange exchange) throws HttpFailure {
        if (stopping.getAsBoolean()) {
            throw HttpFailure.badRequest("the server is stopping");
        }
        if (strict && !models.ready()) {
            throw HttpFailure.badRequest("the server is not ready: not every model that was asked for is ready; "
                    + "POST /v2/repository/index says which and why");
        }
        exchange.empty(200);
    }

    /** Refuses a model or version that does not exist, before its body is read. */
    void checkKnown(String name, OptionalLong version) throws HttpFailure {
        ModelStatus status = status(name);
        boolean known =
                version.isEmpty() || status.versions().stream().anyMatch(v -> v.version() == version.getAsLong());
        // A model without versions is not ready; why it is not says more than that a version is missing.
        if (!known && !status.versions().isEmpty()) {
            throw Names.unknown(name, version);
        }
    }

    void model(Exchange exchange, String name, OptionalLong version) throws HttpFailure {
        ModelStatus status = status(name);
        VersionStatus serving = serving(status, version);
        ModelMetadata model = serving.metadata();
        exchange.json(Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("name", model.name());
            json.writeArrayFieldStart("versions");
            for (VersionStatus v : version.isPresent() ? List.of(serving) : status.versions()) {
                if (v.state() == State.READY) {
                    json.writeString(Long.toString(v.version()));
                }
            }
            json.writeEndArray();
            json.writeStringField("platform", model.platform());
            tensors(json, "inputs", model.inputs());
            tensors(json, "outputs", model.outputs());
            if (serving.wiring() != null && !serving.wiring().wires().isEmpty()) {
                json.writeObjectFieldStart("properties");
                json.writeStringField("opgraft_ops", serving.wiring().toString());
                json.writeEndObject();
            }
            json.writeEndObject();
        }));
    }

    private static void tensors(JsonGenerator json, String field, List<TensorSpec> specs) throws IOException {
        json.writeArrayFieldStart(field);
        for (TensorSpec spec : specs) {
            json.writeStartObject();
            json.writeStringField("name", spec.name());
            json.writeStringField("datatype", spec.datatype().name());
            json.writeFieldName("shape");
            long[] shape = spec.shape() == null ? new long[] {-1} : spec.shape().toArray();
            json.writeArray(shape, 0, shape.length);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    void modelReady(Exchange exchange, String name, OptionalLong version) throws HttpFailure {
        ModelStatus status = status(name);
        boolean ready = version.isPresent() ? find(status, version).state() == State.READY : status.ready();
        if (!ready) {
            throw HttpFailure.badRequest(notReady(status, version));
        }
        exchange.empty(200);
    }

    void config(Exchange exchange, String name, OptionalLong version) throws HttpFailure {
        VersionStatus serving = serving(status(name), version);
        exchange.json(serving.metadata().config().getBytes(StandardCharsets.UTF_8));
    }

    private ModelStatus status(String name) throws HttpFailure {
        try {
            return models.get(name);
        } catch (UnknownModelException e) {
            throw Names.unknown(name, OptionalLong.empty());
        }
    }

    private static VersionStatus find(ModelStatus status, OptionalLong version) throws HttpFailure {
        return status.versions().stream()
                .filter(v -> v.version() == version.getAsLong())
                .findFirst()
                .orElseThrow(() -> Names.unknown(status.name(), version));
    }

    /** The version that answers: the one asked for, else the highest that is ready. */
    private static VersionStatus serving(ModelStatus status, OptionalLong version) throws HttpFailure {
        VersionStatus found = null;
        if (version.isPresent()) {
            found = find(status, version);
        } else {
            for (VersionStatus v : status.versions()) {
                if (v.state() == State.READY) {
                    found = v;
                }
            }
        }
        if (found == null || found.state() != State.READY || found.metadata() == null) {
            throw new HttpFailure(503, notReady(status, version));
        }
        return found;
    }

    private static String notReady(ModelStatus status, OptionalLong version) {
        StringBuilder text = new StringBuilder("model '" + status.name() + "' is not ready");
        String separator = ": ";
        if (!status.explanation().isEmpty()) {
            text.append(separator).append(status.explanation());
            separator = " ";
        }
        for (VersionStatus v : status.versions()) {
            boolean meant = version.isEmpty() || version.getAsLong() == v.version();
            boolean told = v.state() == State.UNLOADED && !status.explanation().isEmpty();
            if (meant && !told && v.state() != State.READY) {
                text.append(separator)
                        .append("version ")
                        .append(v.version())
                        .append(" is ")
                        .append(v.state());
                if (!v.explanation().isEmpty()) {
                    text.append(": ").append(v.explanation());
                }
                separator = " ";
            }
        }
        if (!status.askedFor() && status.explanation().isEmpty()) {
            text.append(separator).append("it is not loaded");
        }
        return text.toString();
    }
}
