package io.opgraft.tensorrt.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.stream.Collectors;

/** A plan with its instances. A run takes the instance that was used last, whose memory is warm. */
final class PlanModel implements LoadedModel {
    private final List<EngineTensor> inputs;
    private final List<EngineTensor> outputs;
    private final HostMemory memory;
    private final List<Engine> engines;
    private final List<Instance> instances;
    private final BlockingDeque<Instance> idle;

    PlanModel(HostMemory memory, List<Engine> engines, List<Instance> instances) {
        List<EngineTensor> tensors = engines.get(0).tensors();
        this.inputs = tensors.stream().filter(EngineTensor::input).toList();
        this.outputs = tensors.stream().filter(tensor -> !tensor.input()).toList();
        this.memory = memory;
        this.engines = List.copyOf(engines);
        this.instances = List.copyOf(instances);
        this.idle = new LinkedBlockingDeque<>(instances);
    }

    @Override
    public int parallelism() {
        return instances.size();
    }

    @Override
    public Tensor allocate(DataType datatype, Shape shape, long byteCount) throws InferenceException {
        if (datatype == DataType.BYTES) {
            throw new InferenceException("TensorRT has no datatype BYTES", true);
        }
        long expected = HostTensor.size(datatype, shape);
        if (expected != byteCount) {
            throw new InferenceException(
                    "shape " + shape + " of " + datatype + " takes " + expected + " bytes, but " + byteCount
                            + " were given",
                    true);
        }
        return HostTensor.allocate(memory, datatype, shape, byteCount);
    }

    @Override
    public Outputs run(Map<String, Tensor> in, List<String> wanted) throws InferenceException {
        int[] places = places(wanted);
        HostTensor[] fed = feed(in);
        HostTensor[] made = onInstance(fed);
        List<Tensor> result = new ArrayList<>(places.length);
        boolean[] kept = new boolean[made.length];
        for (int place : places) {
            result.add(made[place]);
            kept[place] = true;
        }
        for (int i = 0; i < made.length; i++) {
            if (!kept[i]) {
                made[i].close();
            }
        }
        return new PlanOutputs(List.copyOf(result));
    }

    private record PlanOutputs(List<Tensor> tensors) implements Outputs {
        @Override
        public void close() {
            tensors.forEach(Tensor::close);
        }
    }

    private HostTensor[] onInstance(HostTensor[] in) throws InferenceException {
        Instance instance;
        try {
            instance = idle.takeFirst();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InferenceException("the server is stopping", false);
        }
        try {
            return instance.run(in);
        } finally {
            idle.addFirst(instance);
        }
    }

    private int[] places(List<String> wanted) throws InferenceException {
        int[] places = new int[wanted.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = -1;
            for (int o = 0; o < outputs.size(); o++) {
                if (outputs.get(o).name().equals(wanted.get(i))) {
                    places[i] = o;
                }
            }
            if (places[i] < 0) {
                throw new InferenceException(
                        "output \"" + wanted.get(i) + "\" is unknown; the model has " + names(outputs), true);
            }
        }
        return places;
    }

    private HostTensor[] feed(Map<String, Tensor> in) throws InferenceException {
        HostTensor[] fed = new HostTensor[inputs.size()];
        for (int i = 0; i < fed.length; i++) {
            EngineTensor input = inputs.get(i);
            Tensor given = in.get(input.name());
            if (given == null) {
                throw new InferenceException("input \"" + input.name() + "\" is missing", true);
            }
            if (!(given instanceof HostTensor tensor)) {
                throw new InferenceException("input \"" + input.name() + "\" is not a tensor of this model", false);
            }
            check(input, tensor);
            fed[i] = tensor;
        }
        if (in.size() > fed.length) {
            throw unknown(in);
        }
        return fed;
    }

    private InferenceException unknown(Map<String, Tensor> in) {
        List<String> known = inputs.stream().map(EngineTensor::name).toList();
        String name = in.keySet().stream()
                .filter(given -> !known.contains(given))
                .findFirst()
                .orElse("");
        return new InferenceException("input \"" + name + "\" is unknown; the model has " + names(inputs), true);
    }

    private static void check(EngineTensor input, HostTensor tensor) throws InferenceException {
        if (tensor.datatype() != input.datatype()) {
            throw new InferenceException(
                    "input \"" + input.name() + "\" is " + tensor.datatype() + ", but the plan takes "
                            + input.datatype(),
                    true);
        }
        if (!input.shape().accepts(tensor.shape())) {
            throw new InferenceException(
                    "input \"" + input.name() + "\" has shape " + tensor.shape() + ", but the plan takes "
                            + input.shape(),
                    true);
        }
        if (tensor.datatype() == DataType.BOOL && !Shim.areBooleans(tensor.address(), tensor.size())) {
            throw new InferenceException("input \"" + input.name() + "\": every byte of BOOL must be 0 or 1", true);
        }
    }

    private static String names(List<EngineTensor> tensors) {
        return tensors.stream().map(EngineTensor::name).collect(Collectors.joining(", "));
    }

    @Override
    public void close() {
        synchronized (TensorRt.LOCK) {
            instances.forEach(Instance::close);
            engines.forEach(Engine::close);
        }
    }
}
