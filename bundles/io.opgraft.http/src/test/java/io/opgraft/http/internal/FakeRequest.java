package io.opgraft.http.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.Wiring;
import io.opgraft.serving.InferenceRequest;
import io.opgraft.serving.RunHandler;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A request that checks its inputs as the real one does. */
final class FakeRequest implements InferenceRequest {
    private final FakeModels models;
    private final FakeModel model;
    private final Map<String, Tensor> inputs = new HashMap<>();
    private Map<String, Tensor> outputs = Map.of();
    private boolean closed;
    private RunHandler handler;
    private volatile Runnable waiting;

    FakeRequest(FakeModels models, FakeModel model) {
        this.models = models;
        this.model = model;
    }

    @Override
    public ModelMetadata metadata() {
        return model.metadata();
    }

    @Override
    public Wiring wiring() {
        return model.wiring();
    }

    @Override
    public Tensor input(String name, DataType datatype, Shape shape, long byteCount) throws InferenceException {
        TensorSpec spec = metadata().inputs().stream()
                .filter(i -> i.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InferenceException("no input '" + name + "'", true));
        if (spec.datatype() != datatype) {
            throw new InferenceException(
                    "input '" + name + "' is " + spec.datatype() + ", the request has " + datatype, true);
        }
        if (!spec.shape().accepts(shape)) {
            throw new InferenceException(
                    "input '" + name + "' takes shape " + spec.shape() + ", the request has " + shape, true);
        }
        models.allocated.incrementAndGet();
        FakeTensor tensor = new FakeTensor(datatype, shape, byteCount);
        if (inputs.put(name, tensor) != null) {
            throw new InferenceException("input '" + name + "' twice", true);
        }
        return tensor;
    }

    @Override
    public Outputs run(List<String> wanted) throws InferenceException {
        for (TensorSpec spec : metadata().inputs()) {
            if (!inputs.containsKey(spec.name())) {
                throw new InferenceException("input '" + spec.name() + "' is missing", true);
            }
        }
        outputs = model.computation().run(inputs);
        List<String> names = wanted.isEmpty()
                ? metadata().outputs().stream().map(TensorSpec::name).toList()
                : wanted;
        List<Tensor> tensors = names.stream().map(outputs::get).toList();
        return new Outputs() {
            @Override
            public List<Tensor> tensors() {
                return tensors;
            }

            @Override
            public void close() {
                tensors.forEach(Tensor::close);
            }
        };
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            models.open.decrementAndGet();
            inputs.values().forEach(Tensor::close);
            outputs.values().forEach(Tensor::close);
        }
    }

    @Override
    public void schedule(long priority, long timeoutMicros) throws InferenceException {
        if (priority > 2) {
            throw new InferenceException("priority " + priority + " is none of the levels 1 to 2", true);
        }
        models.scheduled = priority + "/" + timeoutMicros;
    }

    @Override
    public void run(List<String> outputs, RunHandler to) {
        handler = to;
        if (models.waiting == null) {
            work(outputs);
        } else {
            waiting = () -> work(outputs);
            models.waiting.add(waiting);
        }
    }

    private void work(List<String> outputs) {
        try {
            handler.completed(run(outputs));
        } catch (InferenceException e) {
            handler.failed(e);
        }
    }

    @Override
    public void cancel() {
        if (waiting != null && models.waiting.remove(waiting)) {
            handler.failed(new InferenceException("cancelled", false));
        }
    }
}
