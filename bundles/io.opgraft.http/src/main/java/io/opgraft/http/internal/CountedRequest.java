package io.opgraft.http.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.Wiring;
import io.opgraft.serving.InferenceRequest;
import io.opgraft.serving.RunHandler;
import java.util.List;

/** A request that asks for room before it allocates an input. */
final class CountedRequest implements InferenceRequest {
    private final InferenceRequest request;
    private final Admission.Ticket ticket;

    CountedRequest(InferenceRequest request, Admission.Ticket ticket) {
        this.request = request;
        this.ticket = ticket;
    }

    @Override
    public ModelMetadata metadata() {
        return request.metadata();
    }

    @Override
    public Wiring wiring() {
        return request.wiring();
    }

    @Override
    public Tensor input(String name, DataType datatype, Shape shape, long byteCount) throws InferenceException {
        ticket.tensor(byteCount);
        return request.input(name, datatype, shape, byteCount);
    }

    @Override
    public Outputs run(List<String> outputs) throws InferenceException {
        return request.run(outputs);
    }

    @Override
    public void schedule(long priority, long timeoutMicros) throws InferenceException {
        request.schedule(priority, timeoutMicros);
    }

    @Override
    public void id(String id) {
        request.id(id);
    }

    @Override
    public void run(List<String> outputs, RunHandler handler) {
        request.run(outputs, handler);
    }

    @Override
    public void cancel() {
        request.cancel();
    }

    @Override
    public void close() {
        request.close();
    }
}
