package io.opgraft.http.internal;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import io.opgraft.backend.Tensor;
import io.opgraft.models.ModelMetadata;
import io.opgraft.serving.InferenceRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * Answers an inference request that has run. Binary outputs are written from tensor memory; the request stays open until
 * they are.
 */
final class InferResponse {
    static final String OPS = "Opgraft-Ops";
    private static final int LONGEST_OPS = 4096;

    /** Up to this size one copy is cheaper than one more write. */
    private static final int SMALL = 16 * 1024;

    private InferResponse() {}

    /**
     * Answers.
     *
     * @param request closed when the answer is written. If this method throws, the caller closes it and nothing was
     *     written
     * @param tensors its outputs
     */
    static void send(Exchange exchange, InferHead head, InferenceRequest request, List<Tensor> tensors)
            throws HttpFailure, IOException {
        List<Tensor> shown = Classification.apply(head, request.metadata(), tensors);
        Segments body = new Segments(exchange.pool());
        try {
            List<ByteBuffer> binary = new ArrayList<>();
            writeJson(body, head, request, shown, binary);
            long jsonSize = body.size();
            HttpFields.Mutable headers = exchange.response.getHeaders();
            if (!binary.isEmpty()) {
                headers.put(InferOperation.HEADER_LENGTH, jsonSize);
            }
            headers.put(HttpHeader.CONTENT_TYPE, binary.isEmpty() ? Exchange.JSON : "application/octet-stream");
            if (!request.wiring().wires().isEmpty()) {
                headers.put(OPS, ops(request.wiring().toString()));
            }
            start(exchange, body, binary, request);
        } catch (HttpFailure | IOException | RuntimeException | Error e) {
            body.close();
            throw e;
        }
    }

    /** Puts the pieces of the body together and starts to write them. */
    private static void start(Exchange exchange, Segments body, List<ByteBuffer> binary, InferenceRequest request) {
        Segments owned = body;
        List<ByteBuffer> pieces;
        Deflating.Format format = Deflating.accepted(exchange.request.getHeaders());
        if (format != null) {
            owned = body.another();
            try {
                List<ByteBuffer> plain = body.content();
                plain.addAll(binary);
                Deflating.deflate(format, plain, owned);
            } catch (RuntimeException | Error e) {
                owned.close();
                throw e;
            }
            body.close();
            exchange.response.getHeaders().put(HttpHeader.CONTENT_ENCODING, format.token());
            pieces = owned.content();
        } else if (total(binary) <= SMALL) {
            binary.forEach(body::append);
            pieces = body.content();
        } else {
            pieces = body.content();
            pieces.addAll(binary);
        }
        exchange.response.setStatus(200);
        exchange.response.getHeaders().put(HttpHeader.CONTENT_LENGTH, total(pieces));
        Segments memory = owned;
        new PiecesWriter(exchange, pieces, () -> {
                    memory.close();
                    request.close();
                })
                .iterate();
    }

    private static long total(List<ByteBuffer> pieces) {
        long total = 0;
        for (ByteBuffer piece : pieces) {
            total += piece.remaining();
        }
        return total;
    }

    private static void writeJson(
            Segments body, InferHead head, InferenceRequest request, List<Tensor> tensors, List<ByteBuffer> binary)
            throws IOException, HttpFailure {
        ModelMetadata model = request.metadata();
        try (JsonGenerator json = Json.FACTORY.createGenerator(body.output(), JsonEncoding.UTF8)) {
            json.writeStartObject();
            if (head.id != null) {
                json.writeStringField("id", head.id);
            }
            json.writeStringField("model_name", model.name());
            json.writeStringField("model_version", Long.toString(model.version()));
            json.writeArrayFieldStart("outputs");
            for (int i = 0; i < tensors.size(); i++) {
                String name = head.outputs.isEmpty()
                        ? model.outputs().get(i).name()
                        : head.outputs.get(i).name();
                writeOutput(json, body, name, tensors.get(i), head.binary(i), binary);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private static void writeOutput(
            JsonGenerator json, Segments body, String name, Tensor tensor, boolean asBinary, List<ByteBuffer> binary)
            throws IOException, HttpFailure {
        json.writeStartObject();
        json.writeStringField("name", name);
        json.writeStringField("datatype", tensor.datatype().name());
        json.writeFieldName("shape");
        long[] shape = tensor.shape().toArray();
        json.writeArray(shape, 0, shape.length);
        ByteBuffer content = tensor.buffer();
        if (asBinary) {
            json.writeObjectFieldStart("parameters");
            json.writeNumberField("binary_data_size", content.remaining());
            json.writeEndObject();
            binary.add(content);
        } else {
            json.writeFieldName("data");
            json.writeRawValue("[");
            json.flush();
            TensorWriter.write(body, name, tensor.datatype(), content);
            json.writeRaw(']');
        }
        json.writeEndObject();
    }

    /** The wiring as a header value; a very long one is cut at a comma and ends with dots. */
    static String ops(String wiring) {
        if (wiring.length() <= LONGEST_OPS) {
            return wiring;
        }
        int comma = wiring.lastIndexOf(',', LONGEST_OPS);
        return wiring.substring(0, Math.max(comma, 0)) + ",...";
    }
}
