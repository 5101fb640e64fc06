package io.opgraft.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * One request of the bare server. Binary: the body goes to a pooled direct buffer, Jackson reads the JSON in front, the
 * tensor is copied once. JSON: Jackson alone reads and writes the numbers, with its fast parser and writer.
 */
final class BareExchange extends Invocable.Task.Abstract {
    private static final String HEADER_LENGTH = "Inference-Header-Content-Length";
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .build();

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final RetainableByteBuffer pooled;
    private final ByteBuffer body;

    BareExchange(Request request, Response response, Callback callback) {
        super(InvocationType.NON_BLOCKING);
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.pooled = acquire(Math.toIntExact(request.getLength()));
        this.body = pooled.getByteBuffer().clear();
    }

    private RetainableByteBuffer acquire(int bytes) {
        return request.getComponents().getByteBufferPool().acquire(bytes, true);
    }

    @Override
    public void run() {
        try {
            while (true) {
                Content.Chunk chunk = request.read();
                if (chunk == null) {
                    request.demand(this);
                    return;
                }
                if (Content.Chunk.isFailure(chunk)) {
                    throw new IOException(chunk.getFailure());
                }
                body.put(chunk.getByteBuffer());
                boolean last = chunk.isLast();
                chunk.release();
                if (last) {
                    answer();
                    return;
                }
            }
        } catch (IOException | RuntimeException e) {
            pooled.release();
            callback.failed(e);
        }
    }

    private void answer() throws IOException {
        body.flip();
        String length = request.getHeaders().get(HEADER_LENGTH);
        if (length == null) {
            json();
        } else {
            binary(Integer.parseInt(length));
        }
    }

    private void binary(int length) throws IOException {
        byte[] head = new byte[length];
        body.get(head);
        long elements = elements(head);
        ByteArrayOutputStream json = new ByteArrayOutputStream(256);
        try (JsonGenerator generator = begin(json, elements)) {
            generator.writeObjectFieldStart("parameters");
            generator.writeNumberField("binary_data_size", body.remaining());
            generator.writeEndObject();
            end(generator);
        }
        RetainableByteBuffer memory = acquire(json.size() + body.remaining());
        ByteBuffer answer = memory.getByteBuffer().clear();
        answer.put(json.toByteArray()).put(body).flip();
        response.getHeaders().put(HEADER_LENGTH, json.size());
        send("application/octet-stream", answer, memory);
    }

    private static long elements(byte[] head) throws IOException {
        long elements = 1;
        boolean shape = false;
        try (JsonParser parser = JSON.createParser(head)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    shape = parser.currentName().equals("shape");
                } else if (shape && token == JsonToken.VALUE_NUMBER_INT) {
                    elements *= parser.getLongValue();
                }
            }
        }
        return elements;
    }

    private void json() throws IOException {
        float[] values = new float[1024];
        int count = 0;
        try (JsonParser parser = JSON.createParser(new Bytes(body))) {
            boolean data = false;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    data = parser.currentName().equals("data");
                } else if (data && token.isNumeric()) {
                    if (count == values.length) {
                        values = Arrays.copyOf(values, 2 * count);
                    }
                    values[count++] = parser.getFloatValue();
                }
            }
        }
        ByteArrayOutputStream json = new ByteArrayOutputStream(256 + 12 * count);
        try (JsonGenerator generator = begin(json, count)) {
            generator.writeArrayFieldStart("data");
            for (int i = 0; i < count; i++) {
                generator.writeNumber(values[i]);
            }
            generator.writeEndArray();
            end(generator);
        }
        send("application/json", ByteBuffer.wrap(json.toByteArray()), null);
    }

    private static JsonGenerator begin(ByteArrayOutputStream out, long elements) throws IOException {
        JsonGenerator generator = JSON.createGenerator(out);
        generator.writeStartObject();
        generator.writeStringField("model_name", InferRequest.MODEL);
        generator.writeStringField("model_version", "1");
        generator.writeArrayFieldStart("outputs");
        generator.writeStartObject();
        generator.writeStringField("name", "OUTPUT0");
        generator.writeStringField("datatype", "FP32");
        generator.writeArrayFieldStart("shape");
        generator.writeNumber(elements);
        generator.writeEndArray();
        return generator;
    }

    private static void end(JsonGenerator generator) throws IOException {
        generator.writeEndObject();
        generator.writeEndArray();
        generator.writeEndObject();
    }

    private void send(String type, ByteBuffer answer, RetainableByteBuffer memory) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.remaining());
        Callback done = Callback.from(
                InvocationType.NON_BLOCKING,
                () -> {
                    release(memory);
                    callback.succeeded();
                },
                failure -> {
                    release(memory);
                    callback.failed(failure);
                });
        response.write(true, answer, done);
    }

    private void release(RetainableByteBuffer memory) {
        pooled.release();
        if (memory != null) {
            memory.release();
        }
    }

    /** A buffer as a stream, without a copy of all of it. */
    private static final class Bytes extends InputStream {
        private final ByteBuffer buffer;

        Bytes(ByteBuffer buffer) {
            this.buffer = buffer;
        }

        @Override
        public int read() {
            return buffer.hasRemaining() ? buffer.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (!buffer.hasRemaining()) {
                return -1;
            }
            int taken = Math.min(length, buffer.remaining());
            buffer.get(target, offset, taken);
            return taken;
        }
    }
}
