package io.opgraft.serving.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.Lease;
import io.opgraft.models.ModelMetadata;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The inputs of one request: checked, then allocated. */
final class RequestInputs {
    private final Lease lease;
    private final ModelMetadata metadata;
    private final BytesInFlight account;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>(8);

    /** Names of the inputs that are somebody else's. */
    private final List<String> borrowed = new ArrayList<>(0);

    private long bytes;
    private int batch = 1;

    RequestInputs(Lease lease, BytesInFlight account) {
        this.lease = lease;
        this.metadata = lease.metadata();
        this.account = account;
    }

    /** Adds an input. */
    Tensor add(String name, DataType datatype, Shape shape, long byteCount) throws InferenceException {
        Shape own = checked(name, datatype, shape, byteCount);
        account.take(byteCount);
        bytes += byteCount;
        Tensor tensor = lease.model().allocate(datatype, own, byteCount);
        tensors.put(name, tensor);
        return tensor;
    }

    /** Adds an input that stays somebody else's; it is copied if the model cannot read it. */
    void share(String name, Tensor tensor) throws InferenceException {
        ByteBuffer content = tensor.buffer();
        if (!lease.model().accepts(tensor)
                || metadata.options().reshapedInputs().containsKey(name)) {
            add(name, tensor.datatype(), tensor.shape(), content.remaining())
                    .buffer()
                    .put(content);
            return;
        }
        checked(name, tensor.datatype(), tensor.shape(), content.remaining());
        tensors.put(name, tensor);
        borrowed.add(name);
    }

    /** The shape that the model itself takes. */
    private Shape checked(String name, DataType datatype, Shape shape, long byteCount) throws InferenceException {
        TensorSpec spec = InputCheck.find(metadata.inputs(), name);
        if (spec == null) {
            throw InputCheck.fault("unexpected inference input '" + name + "' for model '" + metadata.name() + "'");
        }
        if (tensors.containsKey(name)) {
            throw InputCheck.fault(
                    "input '" + name + "' already exists in request for model '" + metadata.name() + "'");
        }
        InputCheck.check(metadata, spec, datatype, shape, byteCount);
        checkBatch(name, shape);
        return Reshapes.input(metadata, spec, shape);
    }

    private void checkBatch(String name, Shape shape) throws InferenceException {
        if (metadata.maxBatchSize() == 0) {
            return;
        }
        if (tensors.isEmpty()) {
            batch = (int) shape.dimension(0);
            return;
        }
        if (batch != shape.dimension(0)) {
            Map.Entry<String, Tensor> first = tensors.entrySet().iterator().next();
            throw InputCheck.fault("input '" + name + "' batch size does not match other inputs for '" + metadata.name()
                    + "': '" + name + "' has shape " + shape + ", '" + first.getKey() + "' has shape "
                    + first.getValue().shape());
        }
    }

    /** Refuses a request that lacks an input. */
    void checkComplete() throws InferenceException {
        if (tensors.size() == metadata.inputs().size()) {
            return;
        }
        String missing = metadata.inputs().stream()
                .map(TensorSpec::name)
                .filter(name -> !tensors.containsKey(name)
                        && !metadata.options().optionalInputs().contains(name))
                .map(name -> "'" + name + "'")
                .collect(Collectors.joining(","));
        if (missing.isEmpty()) {
            return;
        }
        String got = tensors.keySet().stream().map(name -> "'" + name + "'").collect(Collectors.joining(","));
        int most = metadata.inputs().size();
        int least = most - metadata.options().optionalInputs().size();
        throw InputCheck.fault("expected "
                + (least == most ? most + " inputs" : "number of inputs between " + least + " and " + most)
                + " but got " + tensors.size()
                + " inputs for model '" + metadata.name() + "'. Got input(s) [" + got
                + "], but missing required input(s) [" + missing + "]. Please provide all required input(s).");
    }

    Map<String, Tensor> tensors() {
        return tensors;
    }

    /** The size of all of them. */
    long bytes() {
        return bytes;
    }

    /** The first dimension of each, or 1. */
    int batch() {
        return batch;
    }

    /** Whether the inputs of another request can stand behind these in one tensor each. */
    boolean canJoin(RequestInputs other) {
        if (tensors.size() != other.tensors.size()) {
            return false;
        }
        for (Map.Entry<String, Tensor> input : tensors.entrySet()) {
            Tensor there = other.tensors.get(input.getKey());
            if (there == null || !sameRows(input.getValue().shape(), there.shape())) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameRows(Shape one, Shape two) {
        boolean same = one.rank() == two.rank();
        for (int i = 1; same && i < one.rank(); i++) {
            same = one.dimension(i) == two.dimension(i);
        }
        return same;
    }

    /** Frees all of them, whatever fails. */
    void close() {
        account.giveBack(bytes);
        bytes = 0;
        RuntimeException failure = null;
        for (Map.Entry<String, Tensor> input : tensors.entrySet()) {
            try {
                if (!borrowed.contains(input.getKey())) {
                    input.getValue().close();
                }
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
