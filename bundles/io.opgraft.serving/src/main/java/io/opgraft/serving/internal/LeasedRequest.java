package io.opgraft.serving.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.Lease;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.Wiring;
import io.opgraft.serving.InferenceRequest;
import io.opgraft.serving.RunHandler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A request on one lease. */
final class LeasedRequest implements InferenceRequest {
    private final Lease lease;
    private final ModelMetadata metadata;
    private final Map<String, Tensor> inputs = new LinkedHashMap<>(8);
    private final Counters counters;
    private final long opened = System.nanoTime();
    private Outputs outputs;
    private long ran;
    private boolean counted;
    private boolean closed;

    LeasedRequest(Lease lease, Counters counters) {
        this.lease = lease;
        this.metadata = lease.metadata();
        this.counters = counters;
    }

    @Override
    public ModelMetadata metadata() {
        return metadata;
    }

    @Override
    public Wiring wiring() {
        return lease.wiring();
    }

    @Override
    public Tensor input(String name, DataType datatype, Shape shape, long byteCount) throws InferenceException {
        if (closed || outputs != null) {
            throw new IllegalStateException("the request is closed or has run");
        }
        TensorSpec spec = InputCheck.find(metadata.inputs(), name);
        if (spec == null) {
            throw InputCheck.fault("unexpected inference input '" + name + "' for model '" + metadata.name() + "'");
        }
        if (inputs.containsKey(name)) {
            throw InputCheck.fault(
                    "input '" + name + "' already exists in request for model '" + metadata.name() + "'");
        }
        InputCheck.check(metadata, spec, datatype, shape, byteCount);
        checkBatch(name, shape);
        Tensor tensor = lease.model().allocate(datatype, shape, byteCount);
        inputs.put(name, tensor);
        return tensor;
    }

    private void checkBatch(String name, Shape shape) throws InferenceException {
        if (metadata.maxBatchSize() == 0 || inputs.isEmpty()) {
            return;
        }
        Map.Entry<String, Tensor> first = inputs.entrySet().iterator().next();
        Shape other = first.getValue().shape();
        if (other.dimension(0) != shape.dimension(0)) {
            throw InputCheck.fault("input '" + name + "' batch size does not match other inputs for '" + metadata.name()
                    + "': '" + name + "' has shape " + shape + ", '" + first.getKey() + "' has shape " + other);
        }
    }

    @Override
    public Outputs run(List<String> names) throws InferenceException {
        if (closed || outputs != null) {
            throw new IllegalStateException("the request is closed or has run");
        }
        if (inputs.size() < metadata.inputs().size()) {
            throw missingInputs();
        }
        List<String> wanted = names.isEmpty() ? allOutputs() : checked(names);
        long begin = System.nanoTime();
        outputs = lease.model().run(inputs, wanted);
        ran = System.nanoTime();
        counted = true;
        counters.succeeded(batch(), begin - opened, ran - begin);
        return outputs;
    }

    @Override
    public void schedule(long priority, long timeoutMicros) {
        // A request that runs on its caller's thread never waits.
    }

    @Override
    public void run(List<String> names, RunHandler handler) {
        Outputs result;
        try {
            result = run(names);
        } catch (InferenceException e) {
            handler.failed(e);
            return;
        }
        handler.completed(result);
    }

    @Override
    public void cancel() {
        // It runs on its caller's thread, so nothing waits.
    }

    private long batch() {
        return metadata.maxBatchSize() == 0 || inputs.isEmpty()
                ? 1
                : inputs.values().iterator().next().shape().dimension(0);
    }

    private InferenceException missingInputs() {
        String missing = metadata.inputs().stream()
                .map(TensorSpec::name)
                .filter(name -> !inputs.containsKey(name))
                .map(name -> "'" + name + "'")
                .collect(Collectors.joining(","));
        String got = inputs.keySet().stream().map(name -> "'" + name + "'").collect(Collectors.joining(","));
        return InputCheck.fault("expected " + metadata.inputs().size() + " inputs but got " + inputs.size()
                + " inputs for model '" + metadata.name() + "'. Got input(s) [" + got
                + "], but missing required input(s) [" + missing + "]. Please provide all required input(s).");
    }

    private List<String> allOutputs() {
        List<String> names = new ArrayList<>(metadata.outputs().size());
        for (int i = 0; i < metadata.outputs().size(); i++) {
            names.add(metadata.outputs().get(i).name());
        }
        return names;
    }

    private List<String> checked(List<String> names) throws InferenceException {
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (InputCheck.find(metadata.outputs(), name) == null) {
                throw InputCheck.fault(
                        "unexpected inference output '" + name + "' for model '" + metadata.name() + "'");
            }
            if (names.indexOf(name) != i) {
                throw InputCheck.fault(
                        "output '" + name + "' already exists in request for model '" + metadata.name() + "'");
            }
        }
        return names;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (counted) {
            counters.answered(System.nanoTime() - ran);
        } else {
            counters.failed(System.nanoTime() - opened);
        }
        try {
            if (outputs != null) {
                outputs.close();
            }
        } finally {
            try {
                closeInputs();
            } finally {
                lease.close();
            }
        }
    }

    private void closeInputs() {
        RuntimeException failure = null;
        for (Tensor tensor : inputs.values()) {
            try {
                tensor.close();
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
