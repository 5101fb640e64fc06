package io.opgraft.http.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Shape;
import io.opgraft.serving.InferenceRequest;
import java.io.IOException;
import java.util.Set;

/** Parses one of the inputs of a request. */
final class InputParser {
    private final InferenceRequest request;
    private final Segments source;
    private final HeadInput input;
    private final InferHead head;
    private final Set<String> seen;

    private String name;
    private DataType datatype;
    private Shape shape;
    private long binarySize = -1;
    private long dataOffset = -1;
    private boolean dataRead;

    InputParser(InferenceRequest request, Segments source, HeadInput input, InferHead head, Set<String> seen) {
        this.request = request;
        this.source = source;
        this.input = input;
        this.head = head;
        this.seen = seen;
    }

    void parse(JsonParser json) throws IOException, HttpFailure, InferenceException {
        JsonFields.expect(json, JsonToken.START_OBJECT, "each of 'inputs'");
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "name" -> name(json);
                case "datatype" -> datatype(json);
                case "shape" -> shape = JsonFields.shape(json, "the shape of " + label());
                case "parameters" -> parameters(json);
                case "data" -> data(json);
                default -> json.skipChildren();
            }
        }
        finish();
    }

    private void name(JsonParser json) throws IOException, HttpFailure {
        name = JsonFields.string(json, "inputs[].name");
        if (!seen.add(name)) {
            throw HttpFailure.badRequest(label() + " is given twice");
        }
        if (!InferHeadParser.declares(request.metadata().inputs(), name)) {
            throw HttpFailure.badRequest("unexpected inference " + label() + " for model '"
                    + request.metadata().name() + "'");
        }
    }

    private void datatype(JsonParser json) throws IOException, HttpFailure {
        String text = JsonFields.string(json, "the datatype of " + label());
        datatype = DataType.byName(text);
        // The names of config.pbtxt are no names of the protocol.
        if (datatype == null || !datatype.name().equals(text)) {
            throw HttpFailure.badRequest(label() + ": datatype " + Json.quote(text) + " does not exist");
        }
    }

    private void parameters(JsonParser json) throws IOException, HttpFailure {
        boolean absent = JsonFields.isNullOr(json, JsonToken.START_OBJECT, "the parameters of " + label());
        while (!absent && json.nextToken() == JsonToken.FIELD_NAME) {
            String parameter = json.currentName();
            JsonToken value = json.nextToken();
            if (parameter.equals("binary_data_size")) {
                binarySize = JsonFields.size(json, label() + ": binary_data_size");
            } else {
                JsonFields.parameter(json, value, "inputs[].parameters", parameter);
            }
        }
    }

    /** Reads the data if it is known by now what it must be; else remembers where it is. The parser sees none of it. */
    private void data(JsonParser json) throws IOException, HttpFailure, InferenceException {
        JsonFields.expect(json, JsonToken.START_ARRAY, "the data of " + label());
        head.hasData = true;
        long end;
        if (name == null || datatype == null || shape == null) {
            dataOffset = input.position();
            JsonWindow window = new JsonWindow(source, dataOffset);
            JsonSkip.array(window, json.getParsingContext().getNestingDepth());
            end = window.position();
        } else {
            dataRead = true;
            end = JsonTensors.read(source, input.position(), request, name, datatype, shape);
        }
        input.skipTo(end);
        json.nextToken();
    }

    private void finish() throws IOException, HttpFailure, InferenceException {
        if (name == null) {
            throw HttpFailure.badRequest("one of 'inputs' has no 'name'");
        }
        if (datatype == null) {
            throw HttpFailure.badRequest(label() + " has no 'datatype'");
        }
        if (shape == null) {
            throw HttpFailure.badRequest(label() + " has no 'shape'");
        }
        boolean hasData = dataRead || dataOffset >= 0;
        if (hasData && binarySize >= 0) {
            throw HttpFailure.badRequest(label() + " has both 'data' and 'binary_data_size'");
        }
        if (binarySize >= 0) {
            head.binaryInputs.add(new InferHead.BinaryInput(name, datatype, shape, binarySize));
        } else if (!hasData) {
            throw HttpFailure.badRequest(label() + " has neither 'data' nor the parameter 'binary_data_size'");
        } else if (!dataRead) {
            JsonTensors.read(source, dataOffset, request, name, datatype, shape);
        }
    }

    private String label() {
        return name == null ? "an input" : "input " + Json.quote(name);
    }
}
