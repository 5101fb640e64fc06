package io.opgraft.http.internal;

import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Tensor;
import io.opgraft.serving.InferenceRequest;
import io.opgraft.serving.RunHandler;
import java.util.List;

/** Has a complete request run and answers it, at once or when its turn has come. Closes the request in the end. */
final class InferAnswer implements RunHandler {
    /** Bytes of tensors that are written as JSON or compressed on a thread that others wait for. */
    private static final int LITTLE = 32 * 1024;

    private final Exchange exchange;
    private final InferHead head;
    private final InferenceRequest request;
    private final boolean mayTakeLong;
    private ClientWatch watch;
    private boolean told;

    /**
     * Makes an answer.
     *
     * @param mayTakeLong whether the calling thread may be kept for long
     */
    InferAnswer(Exchange exchange, InferHead head, InferenceRequest request, boolean mayTakeLong) {
        this.exchange = exchange;
        this.head = head;
        this.request = request;
        this.mayTakeLong = mayTakeLong;
    }

    /**
     * Has the request run; from then on it belongs to this.
     *
     * @throws InferenceException if it asks for a priority that there is not; the caller closes it
     */
    void start() throws InferenceException {
        if (head.priority != 0 || head.timeoutMicros != 0) {
            request.schedule(head.priority, head.timeoutMicros);
        }
        String id = head.id != null ? head.id : exchange.notes.id();
        if (id != null) {
            request.id(id);
        }
        request.run(head.outputNames(), this);
        synchronized (this) {
            if (!told) {
                watch = new ClientWatch(exchange, request::cancel);
                watch.start();
            }
        }
    }

    private void told() {
        ClientWatch watching;
        synchronized (this) {
            told = true;
            watching = watch;
        }
        if (watching != null) {
            watching.stop();
        }
    }

    @Override
    public void completed(Outputs outputs) {
        told();
        List<Tensor> tensors = outputs.tensors();
        if (mayTakeLong || isLittle(tensors)) {
            send(tensors);
        } else {
            exchange.execute(() -> send(tensors));
        }
    }

    private boolean isLittle(List<Tensor> tensors) {
        boolean compressed = Deflating.accepted(exchange.request.getHeaders()) != null;
        long bytes = 0;
        for (int i = 0; i < tensors.size(); i++) {
            if (compressed
                    || !head.binary(i)
                    || (i < head.outputs.size() && head.outputs.get(i).classes() > 0)) {
                bytes += tensors.get(i).buffer().remaining();
            }
        }
        return bytes <= LITTLE;
    }

    private void send(List<Tensor> tensors) {
        try {
            InferResponse.send(exchange, head, request, tensors);
        } catch (HttpFailure | RuntimeException | Error e) {
            fail(e);
        }
    }

    @Override
    public void failed(InferenceException cause) {
        told();
        fail(cause);
    }

    private void fail(Throwable cause) {
        request.close();
        exchange.fail(cause);
    }
}
