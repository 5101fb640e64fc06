package io.opgraft.http.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.opgraft.models.LoadOverride;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** The parameters of a request to load a model: {@code config} as JSON text and {@code file:PATH} in base64. */
final class LoadParameters {
    private static final String FILE = "file:";

    private final String failed;
    private final Map<String, byte[]> files = new HashMap<>();
    private String config;

    private LoadParameters(String failed) {
        this.failed = failed;
    }

    /**
     * Reads the body.
     *
     * @param failed how messages begin
     */
    static LoadOverride read(byte[] body, String failed) throws HttpFailure {
        LoadParameters parameters = new LoadParameters(failed);
        RepositoryRoutes.object(body, (field, json) -> {
            if (field.equals("parameters")) {
                parameters.read(json);
            } else {
                json.skipChildren();
            }
        });
        return new LoadOverride(parameters.config, parameters.files);
    }

    private void read(JsonParser json) throws IOException, HttpFailure {
        boolean absent = JsonFields.isNullOr(json, JsonToken.START_OBJECT, "parameters");
        while (!absent && json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            if (name.equals("config")) {
                config = JsonFields.string(json, "parameters.config");
            } else if (name.startsWith(FILE)) {
                files.put(name.substring(FILE.length()), file(json, name));
            } else {
                throw HttpFailure.badRequest(failed + "the parameter " + Json.quote(name) + " is not supported");
            }
        }
    }

    private byte[] file(JsonParser json, String name) throws IOException, HttpFailure {
        try {
            return Base64.getDecoder().decode(JsonFields.string(json, "parameters." + Json.quote(name)));
        } catch (IllegalArgumentException e) {
            throw HttpFailure.badRequest(failed + "the parameter " + Json.quote(name) + " is not base64");
        }
    }
}
