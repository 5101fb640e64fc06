package io.opgraft.http.internal;

import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.UnknownModelException;
import io.opgraft.serving.InferenceRequest;
import io.opgraft.serving.Serving;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import org.eclipse.jetty.http.HttpHeader;

/** Serves one inference request: reads it, runs it and starts its answer. */
final class InferOperation implements BodySink {
    static final String HEADER_LENGTH = "Inference-Header-Content-Length";

    /** Bytes of JSON that are read on a thread that others wait for. */
    private static final int QUICKLY_PARSED = 64 * 1024;

    private final Exchange exchange;
    private final InferReader reader;
    private final Admission.Ticket ticket;
    private final boolean mayTakeLong;

    private InferOperation(Exchange exchange, InferReader reader, Admission.Ticket ticket, boolean mayTakeLong) {
        this.exchange = exchange;
        this.reader = reader;
        this.ticket = ticket;
        this.mayTakeLong = mayTakeLong;
    }

    static void start(
            Exchange exchange,
            Serving serving,
            String model,
            OptionalLong version,
            BodyLimits limits,
            Admission.Ticket ticket)
            throws HttpFailure {
        boolean encoded = exchange.request.getHeaders().contains(HttpHeader.CONTENT_ENCODING);
        long bodyLength = encoded ? -1 : exchange.request.getLength();
        long headerLength = headerLength(exchange);
        if (bodyLength >= 0 && headerLength > bodyLength) {
            throw HttpFailure.badRequest(
                    HEADER_LENGTH + " is " + headerLength + ", but the body has only " + bodyLength + " bytes");
        }
        InferReader.Opener opener = () -> ticket.counting(open(serving, model, version));
        InferReader reader = new InferReader(
                opener,
                exchange.request.getConnectionMetaData(),
                headerLength,
                bodyLength,
                limits.bytes(),
                new Segments(exchange.pool()));
        long parsed = headerLength == InferReader.ALL ? bodyLength : headerLength;
        boolean mayTakeLong = encoded || parsed < 0 || parsed > QUICKLY_PARSED;
        BodyReader.read(exchange, limits, new InferOperation(exchange, reader, ticket, mayTakeLong), mayTakeLong);
    }

    private static InferenceRequest open(Serving serving, String model, OptionalLong version)
            throws HttpFailure, ModelNotReadyException {
        try {
            return serving.open(model, version);
        } catch (UnknownModelException e) {
            throw Names.unknown(model, version);
        }
    }

    private static long headerLength(Exchange exchange) throws HttpFailure {
        List<String> values = exchange.request.getHeaders().getValuesList(HEADER_LENGTH);
        if (values.isEmpty()) {
            return InferReader.ALL;
        }
        long length = values.size() > 1 ? -1 : Decimals.parse(values.get(0));
        if (length < 0) {
            throw HttpFailure.badRequest(
                    HEADER_LENGTH + " must be one decimal number, not " + Json.quote(String.join(", ", values)));
        }
        return length;
    }

    @Override
    public void accept(ByteBuffer bytes) throws HttpFailure {
        try {
            ticket.received(bytes.remaining());
            reader.accept(bytes);
        } catch (HttpFailure e) {
            throw e;
        } catch (Exception e) {
            throw exchange.failure(e);
        }
    }

    @Override
    public void complete() throws HttpFailure {
        try {
            InferHead head = reader.complete();
            exchange.notes.answers(reader.request().metadata().version(), head.id);
            new InferAnswer(exchange, head, reader.request(), mayTakeLong).start();
        } catch (HttpFailure e) {
            throw e;
        } catch (Exception e) {
            throw exchange.failure(e);
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
