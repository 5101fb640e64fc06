package io.opgraft.http.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.TensorSpec;
import io.opgraft.serving.InferenceRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Parses the JSON part of an inference request and puts the tensor data in it into the request's tensors. */
final class InferHeadParser {
    /** How the names of Triton's own parameters begin, which clients must not give. */
    private static final String RESERVED = "triton_";

    private static final InferHead.WantedOutput NO_PARAMETERS = new InferHead.WantedOutput("", null, 0);

    private final InferenceRequest request;
    private final Segments source;
    private final HeadInput input;
    private final Set<String> inputs = new HashSet<>();
    private final InferHead head = new InferHead();

    private InferHeadParser(InferenceRequest request, Segments source) {
        this.request = request;
        this.source = source;
        this.input = new HeadInput(source, 0);
    }

    /**
     * Parses.
     *
     * @param source the JSON part, complete
     * @throws HttpFailure if it is no valid request for the model
     * @throws InferenceException if the model refuses an input
     */
    static InferHead parse(InferenceRequest request, Segments source) throws HttpFailure, InferenceException {
        return new InferHeadParser(request, source).parse();
    }

    private InferHead parse() throws HttpFailure, InferenceException {
        JsonFields.checkUtf8(source);
        try (JsonParser json = Json.FACTORY.createParser(input)) {
            if (json.nextToken() == null) {
                throw HttpFailure.badRequest("the request is empty; a JSON object with 'inputs' is expected");
            }
            JsonFields.expect(json, JsonToken.START_OBJECT, "the request");
            boolean hasInputs = false;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "id" -> id(json);
                    case "parameters" -> parameters(json);
                    case "inputs" -> {
                        hasInputs = true;
                        inputs(json);
                    }
                    case "outputs" -> outputs(json);
                    default -> json.skipChildren();
                }
            }
            if (json.nextToken() != null) {
                throw HttpFailure.badRequest("the request has more after the end of its JSON object");
            }
            if (!hasInputs) {
                throw HttpFailure.badRequest("the request has no 'inputs'");
            }
            return head;
        } catch (JsonProcessingException e) {
            throw Json.malformed(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As in Triton, an empty one is none. */
    private void id(JsonParser json) throws IOException, HttpFailure {
        String id = JsonFields.string(json, "id");
        head.id = id.isEmpty() ? null : id;
    }

    private void parameters(JsonParser json) throws IOException, HttpFailure {
        boolean absent = JsonFields.isNullOr(json, JsonToken.START_OBJECT, "parameters");
        while (!absent && json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "binary_data_output" ->
                    head.binaryOutputs = JsonFields.bool(json, "parameters.binary_data_output");
                case "priority" ->
                    head.priority = asksForNothing(json) ? 0 : JsonFields.size(json, "parameters.priority");
                case "timeout" ->
                    head.timeoutMicros = asksForNothing(json) ? 0 : JsonFields.size(json, "parameters.timeout");
                case "sequence_id", "sequence_start", "sequence_end" -> {
                    if (!asksForNothing(json)) {
                        throw HttpFailure.unsupported(
                                "a sequence (the request parameter '" + name + "')",
                                "every request is computed on its own");
                    }
                }
                default -> {
                    JsonFields.scalar(json, value, "parameters." + Json.quote(name));
                    if (name.startsWith(RESERVED)) {
                        throw HttpFailure.badRequest(
                                "parameters." + Json.quote(name) + " is reserved: no name may begin with " + RESERVED);
                    }
                }
            }
        }
    }

    /** Clients send some parameters always, with a value that means none. */
    private static boolean asksForNothing(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case VALUE_FALSE, VALUE_NULL -> true;
            case VALUE_NUMBER_INT -> json.getText().equals("0");
            case VALUE_STRING -> json.getText().isEmpty();
            default -> false;
        };
    }

    private void inputs(JsonParser json) throws IOException, HttpFailure, InferenceException {
        JsonFields.expect(json, JsonToken.START_ARRAY, "inputs");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            new InputParser(request, source, input, head, inputs).parse(json);
        }
    }

    private void outputs(JsonParser json) throws IOException, HttpFailure {
        boolean absent = JsonFields.isNullOr(json, JsonToken.START_ARRAY, "outputs");
        while (!absent && json.nextToken() != JsonToken.END_ARRAY) {
            output(json);
        }
    }

    private void output(JsonParser json) throws IOException, HttpFailure {
        JsonFields.expect(json, JsonToken.START_OBJECT, "each of 'outputs'");
        String name = null;
        InferHead.WantedOutput parameters = NO_PARAMETERS;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "name" -> name = JsonFields.string(json, "outputs[].name");
                case "parameters" -> parameters = outputParameters(json);
                default -> json.skipChildren();
            }
        }
        if (name == null) {
            throw HttpFailure.badRequest("one of 'outputs' has no 'name'");
        }
        if (!declares(request.metadata().outputs(), name)) {
            throw HttpFailure.badRequest("unexpected inference output " + Json.quote(name) + " for model '"
                    + request.metadata().name() + "'");
        }
        if (head.asksFor(name)) {
            throw HttpFailure.badRequest("output " + Json.quote(name) + " is asked for twice");
        }
        if (parameters.classes() > 0) {
            Classification.check(request.metadata(), name);
        }
        head.outputs.add(new InferHead.WantedOutput(name, parameters.binary(), parameters.classes()));
    }

    /** Whether a model has such an input or output. It has few, so a loop is faster than a set. */
    static boolean declares(List<TensorSpec> specs, String name) {
        for (int i = 0; i < specs.size(); i++) {
            if (specs.get(i).name().equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** What the parameters say; the name comes later. */
    private static InferHead.WantedOutput outputParameters(JsonParser json) throws IOException, HttpFailure {
        Boolean binary = null;
        int classes = 0;
        boolean absent = JsonFields.isNullOr(json, JsonToken.START_OBJECT, "outputs[].parameters");
        while (!absent && json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "binary_data" -> binary = JsonFields.bool(json, "outputs[].parameters.binary_data");
                case "classification" ->
                    classes = (int)
                            Math.min(JsonFields.size(json, "outputs[].parameters.classification"), Integer.MAX_VALUE);
                default -> JsonFields.parameter(json, value, "outputs[].parameters", name);
            }
        }
        return new InferHead.WantedOutput("", binary, classes);
    }
}
