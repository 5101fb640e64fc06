package io.opgraft.http.internal;

import io.opgraft.backend.Tensor;
import io.opgraft.models.ModelMetadata;
import io.opgraft.serving.InferenceRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;

/**
 * Answers an inference request that has run. Binary outputs are written from tensor memory; the request stays open until
 * they are.
 */
final class InferResponse {
    static final String OPS = "Opgraft-Ops";
    private static final int LONGEST_OPS = 4096;

    /** Up to this size one copy is cheaper than one more write. */
    private static final int SMALL = 16 * 1024;

    private static final HttpField JSON = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, Exchange.JSON);
    private static final HttpField OCTETS =
            new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "application/octet-stream");

    private InferResponse() {}

    /**
     * Answers.
     *
     * @param request closed when the answer is written. If this method throws, the caller closes it and nothing was
     *     written
     * @param tensors its outputs
     */
    static void send(Exchange exchange, InferHead head, InferenceRequest request, List<Tensor> tensors)
            throws HttpFailure {
        List<Tensor> shown = Classification.apply(head, request.metadata(), tensors);
        Segments body = new Segments(exchange.pool());
        try {
            List<ByteBuffer> binary = new ArrayList<>();
            writeJson(body, head, request, shown, binary);
            long jsonSize = body.size();
            HttpFields.Mutable headers = exchange.response.getHeaders();
            if (!binary.isEmpty()) {
                // The name is none that Jetty knows, so it need not look.
                headers.put(new HttpField.LongValueHttpField(null, InferOperation.HEADER_LENGTH, jsonSize));
            }
            headers.put(binary.isEmpty() ? JSON : OCTETS);
            if (!request.wiring().wires().isEmpty()) {
                headers.put(OPS, ops(request.wiring().toString()));
            }
            start(exchange, body, binary, request);
        } catch (HttpFailure | RuntimeException | Error e) {
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
            throws HttpFailure {
        ModelMetadata model = request.metadata();
        JsonText json = new JsonText(body).add("{");
        if (head.id != null) {
            json.add("\"id\":").string(head.id).add(",");
        }
        json.add("\"model_name\":").string(model.name());
        json.add(",\"model_version\":\"").number(model.version()).add("\",\"outputs\":[");
        for (int i = 0; i < tensors.size(); i++) {
            String name = head.outputs.isEmpty()
                    ? model.outputs().get(i).name()
                    : head.outputs.get(i).name();
            json.add(i == 0 ? "{" : ",{");
            writeOutput(json, body, name, tensors.get(i), head.binary(i), binary);
            json.add("}");
        }
        json.add("]}").flush();
    }

    private static void writeOutput(
            JsonText json, Segments body, String name, Tensor tensor, boolean asBinary, List<ByteBuffer> binary)
            throws HttpFailure {
        json.add("\"name\":").string(name);
        json.add(",\"datatype\":\"").add(tensor.datatype().name());
        json.add("\",\"shape\":").shape(tensor.shape());
        ByteBuffer content = tensor.buffer();
        if (asBinary) {
            json.add(",\"parameters\":{\"binary_data_size\":")
                    .number(content.remaining())
                    .add("}");
            binary.add(content);
        } else {
            json.add(",\"data\":[").flush();
            TensorWriter.write(body, name, tensor.datatype(), content);
            json.add("]");
        }
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
