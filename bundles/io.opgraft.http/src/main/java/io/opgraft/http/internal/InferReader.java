package io.opgraft.http.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.UnknownModelException;
import io.opgraft.serving.InferenceRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.util.Attributes;

/**
 * Turns the body of an inference request into an open {@link InferenceRequest}. The JSON part is collected in pooled
 * memory and parsed when it is complete; bytes after it go from the connection's buffers straight into tensor memory.
 */
final class InferReader implements AutoCloseable {
    /** Value of {@code headerLength} for a body that is JSON as a whole. */
    static final long ALL = -1;

    /** Opens the request on the instance that serves it now. */
    interface Opener {
        InferenceRequest open() throws UnknownModelException, ModelNotReadyException, HttpFailure;
    }

    /** A stretch of the body after the JSON part and where it goes. */
    private record Tail(InferHead.BinaryInput input, ByteBuffer target) {}

    private final Opener opener;
    private final Attributes connection;
    private final long headerLength;
    private final long bodyLength;
    private final long limit;
    private final Segments json;
    private final List<Tail> tails = new ArrayList<>();
    private int tail;
    private InferHead head;
    private InferenceRequest request;

    /**
     * Makes a reader.
     *
     * @param connection where the last JSON part is kept for the next request
     * @param headerLength bytes of the JSON part, 0 for a raw request, or {@link #ALL}
     * @param bodyLength bytes of the decoded body, or -1 if they are not known
     * @param limit bytes that the body may have
     * @param memory empty, closed by this reader
     */
    InferReader(Opener opener, Attributes connection, long headerLength, long bodyLength, long limit, Segments memory) {
        this.opener = opener;
        this.connection = connection;
        this.headerLength = headerLength;
        this.bodyLength = bodyLength;
        this.limit = limit;
        this.json = memory;
    }

    void accept(ByteBuffer bytes) throws HttpFailure, Exception {
        if (headerLength == 0 && bodyLength >= 0 && head == null) {
            raw(bodyLength);
        }
        if (headerLength == ALL || (headerLength == 0 && bodyLength < 0)) {
            json.append(bytes);
            return;
        }
        if (head == null) {
            int n = (int) Math.min(headerLength - json.size(), bytes.remaining());
            if (n == headerLength && isKnown(bytes, n)) {
                bytes.position(bytes.position() + n);
                allocate();
            } else {
                json.append(bytes, n);
                if (json.size() == headerLength) {
                    parse();
                    LastHead.keep(connection, json, request.metadata(), head);
                    json.close();
                }
            }
        }
        fill(bytes);
    }

    /** Whether these bytes are the JSON part that came last; then the head is that one's. */
    private boolean isKnown(ByteBuffer bytes, int length) throws HttpFailure, Exception {
        LastHead last = LastHead.find(connection, bytes, length);
        if (last == null) {
            return false;
        }
        request = opener.open();
        head = last.head(request.metadata());
        return head != null;
    }

    private void parse() throws HttpFailure, Exception {
        if (request == null) {
            request = opener.open();
        }
        head = InferHeadParser.parse(request, json);
        allocate();
    }

    /** Checks the sizes of the binary inputs and makes room for them. */
    private void allocate() throws HttpFailure, Exception {
        long given = 0;
        for (InferHead.BinaryInput input : head.binaryInputs) {
            TensorSizes.check(label(input), input.datatype(), input.shape(), input.size());
            if (input.size() > limit - given) {
                throw HttpFailure.tooLarge(limit);
            }
            given += input.size();
        }
        if (headerLength == ALL && given > 0) {
            throw HttpFailure.badRequest(label(head.binaryInputs.get(0))
                    + " has 'binary_data_size', but the request no header Inference-Header-Content-Length");
        }
        if (bodyLength >= 0 && headerLength != ALL && given != bodyLength - headerLength) {
            throw sizes(bodyLength - headerLength, given);
        }
        for (InferHead.BinaryInput input : head.binaryInputs) {
            ByteBuffer target = request.input(input.name(), input.datatype(), input.shape(), input.size())
                    .buffer();
            tails.add(new Tail(input, target));
        }
    }

    private void fill(ByteBuffer bytes) throws HttpFailure {
        while (bytes.hasRemaining() && head != null) {
            if (tail == tails.size()) {
                throw HttpFailure.badRequest(
                        "the body goes on after the JSON part and the " + tails.size() + " tensors that it announces");
            }
            ByteBuffer target = tails.get(tail).target();
            int n = Math.min(target.remaining(), bytes.remaining());
            target.put(target.position(), bytes, bytes.position(), n);
            target.position(target.position() + n);
            bytes.position(bytes.position() + n);
            if (!target.hasRemaining()) {
                tail++;
            }
        }
    }

    /**
     * The body is complete.
     *
     * @return what was asked for beside the inputs
     */
    InferHead complete() throws HttpFailure, Exception {
        if (headerLength == ALL) {
            parse();
            json.close();
        } else if (headerLength == 0 && head == null) {
            raw(json.size());
            json.content().forEach(tails.get(0).target()::put);
            json.close();
        } else if (head == null) {
            throw HttpFailure.badRequest("Inference-Header-Content-Length is " + headerLength
                    + ", but the body has only " + json.size() + " bytes");
        }
        for (Tail t : tails) {
            if (t.target().hasRemaining()) {
                throw HttpFailure.badRequest(label(t.input()) + ": the body ends "
                        + t.target().remaining() + " bytes before the end of the tensor");
            }
            TensorSizes.checkContent(
                    label(t.input()),
                    t.input().datatype(),
                    t.input().shape(),
                    t.target().duplicate().flip());
        }
        return head;
    }

    /** The whole body, of the given size, is the content of the model's one input. */
    private void raw(long size) throws HttpFailure, Exception {
        request = opener.open();
        List<TensorSpec> inputs = request.metadata().inputs();
        if (inputs.size() != 1) {
            throw HttpFailure.badRequest("a request without a JSON part needs a model with one input; model '"
                    + request.metadata().name() + "' has " + inputs.size() + ": "
                    + inputs.stream().map(i -> "'" + i.name() + "'").toList());
        }
        TensorSpec input = inputs.get(0);
        boolean strings = input.datatype() == DataType.BYTES;
        Shape shape = RawShapes.deduce(input, request.metadata().maxBatchSize() > 0, size);
        long needed = strings ? Math.addExact(size, Integer.BYTES) : size;
        ByteBuffer target =
                request.input(input.name(), input.datatype(), shape, needed).buffer();
        if (strings) {
            target.put(lengthPrefix(Math.toIntExact(size)));
        }
        tails.add(new Tail(new InferHead.BinaryInput(input.name(), input.datatype(), shape, needed), target));
        head = new InferHead();
        head.binaryOutputs = true;
    }

    private static ByteBuffer lengthPrefix(int length) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(length)
                .flip();
    }

    /** The request with all its inputs; closed by {@link #close} unless the caller does. */
    InferenceRequest request() {
        return request;
    }

    private HttpFailure sizes(long there, long announced) {
        return HttpFailure.badRequest("the inputs announce " + announced + " bytes of binary data, but the body has "
                + there + " after the JSON part");
    }

    private static String label(InferHead.BinaryInput input) {
        return "input " + Json.quote(input.name());
    }

    /** Frees everything; further calls do nothing. */
    @Override
    public void close() {
        json.close();
        tails.clear();
        if (request != null) {
            request.close();
        }
    }
}
