package io.opgraft.http.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.opgraft.models.ControlRefusedException;
import io.opgraft.models.Explanation;
import io.opgraft.models.LoadOverride;
import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.ModelStatus;
import io.opgraft.models.ModelStatus.State;
import io.opgraft.models.ModelStatus.VersionStatus;
import io.opgraft.models.Models;
import io.opgraft.models.UnknownModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalLong;

/** Answers what the repositories hold, and loads and unloads models. */
final class RepositoryRoutes {
    /** Bytes of a request to load, which may hold a configuration and files. */
    private static final int LARGEST_LOAD = 8 << 20;

    private final Models models;
    private final BodyLimits limits;

    RepositoryRoutes(Models models, BodyLimits limits) {
        this.models = models;
        this.limits = limits;
    }

    void index(Exchange exchange) {
        SmallBody.read(exchange, limits, body -> {
            boolean[] ready = new boolean[1];
            object(body, (field, json) -> {
                if (field.equals("ready")) {
                    ready[0] = JsonFields.bool(json, "ready");
                } else {
                    json.skipChildren();
                }
            });
            exchange.json(Json.bytes(json -> {
                json.writeStartArray();
                for (ModelStatus model : models.list()) {
                    write(json, model, ready[0]);
                }
                json.writeEndArray();
            }));
        });
    }

    private static void write(JsonGenerator json, ModelStatus model, boolean onlyReady) throws IOException {
        if (model.versions().isEmpty() && !onlyReady) {
            json.writeStartObject();
            json.writeStringField("name", model.name());
            if (model.askedFor() || !model.explanation().isEmpty()) {
                json.writeStringField("state", "UNAVAILABLE");
                json.writeStringField("reason", model.explanation().toString());
            }
            json.writeEndObject();
        }
        for (VersionStatus version : model.versions()) {
            if (onlyReady && version.state() != State.READY) {
                continue;
            }
            json.writeStartObject();
            json.writeStringField("name", model.name());
            json.writeStringField("version", Long.toString(version.version()));
            json.writeStringField("state", state(version.state()));
            String reason = reason(model, version);
            if (!reason.isEmpty()) {
                json.writeStringField("reason", reason);
            }
            json.writeEndObject();
        }
    }

    /** The state in the words that clients know. */
    private static String state(State state) {
        return switch (state) {
            case READY, LOADING, UNLOADING -> state.name();
            case WAITING, FAILED, UNLOADED -> "UNAVAILABLE";
        };
    }

    private static String reason(ModelStatus model, VersionStatus version) {
        Explanation own = version.explanation();
        if (own.isEmpty() && version.state() != State.READY) {
            own = model.explanation();
        }
        return own.isEmpty() && version.state() == State.UNLOADED ? "unloaded" : own.toString();
    }

    void load(Exchange exchange, String model) {
        SmallBody.read(exchange, limits, LARGEST_LOAD, body -> {
            String failed = "failed to load '" + model + "', ";
            LoadOverride override = LoadParameters.read(body, failed);
            try {
                models.load(model, override);
            } catch (UnknownModelException e) {
                throw HttpFailure.badRequest(failed + "no model repository holds a model of that name");
            } catch (ModelNotReadyException | ControlRefusedException e) {
                throw HttpFailure.badRequest(prefixed(failed, e.getMessage()));
            }
            exchange.empty(200);
        });
    }

    private static String prefixed(String prefix, String message) {
        return message != null && message.contains("failed to load") ? message : prefix + message;
    }

    void unload(Exchange exchange, String model) {
        SmallBody.read(exchange, limits, body -> {
            boolean[] dependents = new boolean[1];
            object(body, (field, json) -> {
                if (!field.equals("parameters")) {
                    json.skipChildren();
                    return;
                }
                boolean absent = JsonFields.isNullOr(json, JsonToken.START_OBJECT, "parameters");
                while (!absent && json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    JsonToken value = json.nextToken();
                    if (name.equals("unload_dependents")) {
                        dependents[0] = JsonFields.bool(json, "parameters.unload_dependents");
                    } else {
                        JsonFields.scalar(json, value, "parameters." + Json.quote(name));
                    }
                }
            });
            try {
                models.unload(model, dependents[0]);
            } catch (UnknownModelException e) {
                throw Names.unknown(model, OptionalLong.empty());
            } catch (ControlRefusedException e) {
                throw HttpFailure.badRequest("failed to unload '" + model + "', " + e.getMessage());
            }
            exchange.empty(200);
        });
    }

    /** Takes the value of a field; the parser is at its first token. */
    interface FieldReader {
        void read(String field, JsonParser json) throws IOException, HttpFailure;
    }

    /** Reads the fields of a body that is empty or a JSON object. */
    static void object(byte[] body, FieldReader reader) throws HttpFailure {
        try (JsonParser json = Json.SMALL_BODIES.createParser(body)) {
            if (json.nextToken() == null) {
                return;
            }
            JsonFields.expect(json, JsonToken.START_OBJECT, "the request");
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                reader.read(field, json);
            }
            if (json.nextToken() != null) {
                throw HttpFailure.badRequest("the request has more after the end of its JSON object");
            }
        } catch (JsonProcessingException e) {
            throw Json.malformed(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
