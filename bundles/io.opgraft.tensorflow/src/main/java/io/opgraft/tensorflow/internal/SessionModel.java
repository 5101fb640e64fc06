package io.opgraft.tensorflow.internal;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_Dim;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NumDims;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_TensorByteSize;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.tensorflow.internal.c_api.TF_Tensor;

/**
 * A model in a TensorFlow session. Every run asks for all outputs, also those that a request leaves out: TensorFlow
 * plans a run anew for each set of outputs, which would make the first request of each set slow.
 */
final class SessionModel implements LoadedModel {
    private final Session session;
    private final RunMemories memories;
    private final UnaryOperator<String> authorNames;
    private final Runnable afterClose;
    private final String[] inputNames;
    private final String[] outputNames;
    private final DataType[] outputTypes;

    /** For each input whether the graph has a value for it that is taken if nothing is fed. */
    private final boolean[] hasDefault;

    SessionModel(Session session, Graph graph, UnaryOperator<String> authorNames, Runnable afterClose) {
        this.session = session;
        this.authorNames = authorNames;
        this.afterClose = afterClose;
        inputNames = graph.inputs().stream().map(e -> e.spec().name()).toArray(String[]::new);
        outputNames = graph.outputs().stream().map(e -> e.spec().name()).toArray(String[]::new);
        outputTypes = graph.outputs().stream().map(e -> e.spec().datatype()).toArray(DataType[]::new);
        hasDefault = new boolean[inputNames.length];
        for (int i = 0; i < hasDefault.length; i++) {
            hasDefault[i] = graph.hasDefault(graph.inputs().get(i));
        }
        memories = new RunMemories(inputNames.length, outputNames.length);
    }

    @Override
    public Tensor allocate(DataType datatype, Shape shape, long byteCount) throws InferenceException {
        if (byteCount < 0 || byteCount > Integer.MAX_VALUE) {
            throw new InferenceException("a tensor of " + byteCount + " bytes is more than 2 GiB", true);
        }
        if (datatype == DataType.BYTES) {
            return BytesTensor.allocate(shape, (int) byteCount);
        }
        long expected;
        try {
            expected = Math.multiplyExact(shape.elementCount(), datatype.size());
        } catch (ArithmeticException e) {
            throw new InferenceException("shape " + shape + " has more elements than memory can hold", true);
        }
        if (expected != byteCount) {
            throw new InferenceException(
                    "shape " + shape + " of " + datatype + " takes " + expected + " bytes, but " + byteCount
                            + " were given",
                    true);
        }
        return PlainTensor.allocate(datatype, shape, (int) byteCount);
    }

    /** TensorFlow never writes to what it is fed, so outputs of other models may be read by several runs at once. */
    @Override
    public boolean accepts(Tensor tensor) {
        return tensor instanceof TensorMemory;
    }

    @Override
    public Outputs run(Map<String, Tensor> inputs, List<String> outputs) throws InferenceException {
        return run(inputs, outputs, false);
    }

    /** Runs once within the time limit for it, so that TensorFlow plans and compiles what it does on a first run. */
    void warmUp(Map<String, Tensor> inputs) throws InferenceException {
        run(inputs, List.of(outputNames), true).close();
    }

    private Outputs run(Map<String, Tensor> inputs, List<String> outputs, boolean warmUp) throws InferenceException {
        int[] wanted = wanted(outputs);
        int[] fed = fed(inputs);
        int count = fed == null ? inputNames.length : fed.length;
        RunMemory memory = memories.take();
        try {
            int filled = 0;
            try {
                for (; filled < count; filled++) {
                    memory.input(filled, feed(inputNames[fed == null ? filled : fed[filled]], inputs));
                }
                if (inputs.size() > count) {
                    throw unknownInput(inputs);
                }
                session.run(memory, warmUp, fed);
            } finally {
                release(memory, filled, fed, inputs);
            }
            if (!memory.status().isOk()) {
                throw new InferenceException(
                        authorNames.apply(memory.status().message()),
                        memory.status().blamesInputs());
            }
            return collect(memory, wanted);
        } finally {
            memories.giveBack(memory);
        }
    }

    /** The places of the inputs that are given, less those that the graph can do without; null for all. */
    private int[] fed(Map<String, Tensor> inputs) {
        if (inputs.size() >= inputNames.length) {
            return null;
        }
        return IntStream.range(0, inputNames.length)
                .filter(i -> !hasDefault[i] || inputs.containsKey(inputNames[i]))
                .toArray();
    }

    /** For each wanted output its place among the model's, or null if all are wanted in the model's order. */
    private int[] wanted(List<String> outputs) throws InferenceException {
        boolean all = outputs.size() == outputNames.length;
        for (int i = 0; all && i < outputNames.length; i++) {
            all = outputNames[i].equals(outputs.get(i));
        }
        if (all) {
            return null;
        }
        int[] places = new int[outputs.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = List.of(outputNames).indexOf(outputs.get(i));
            if (places[i] < 0) {
                throw new InferenceException(
                        "output \"" + outputs.get(i) + "\" is unknown; the model has " + String.join(", ", outputNames),
                        true);
            }
        }
        return places;
    }

    private long feed(String name, Map<String, Tensor> inputs) throws InferenceException {
        Tensor tensor = inputs.get(name);
        if (tensor instanceof PlainTensor plain) {
            if (plain.datatype() == DataType.BOOL && !Shim.areBooleans(plain.address(), plain.size())) {
                throw new InferenceException("input \"" + name + "\": every byte of BOOL must be 0 or 1", true);
            }
            return plain.handleAddress();
        }
        if (tensor instanceof BytesTensor bytes) {
            return bytes.decode(name);
        }
        throw tensor == null
                ? new InferenceException("input \"" + name + "\" is missing", true)
                : new InferenceException("input \"" + name + "\" is not a tensor of this model", false);
    }

    private InferenceException unknownInput(Map<String, Tensor> inputs) {
        for (String name : inputs.keySet()) {
            if (!List.of(inputNames).contains(name)) {
                return new InferenceException(
                        "input \"" + name + "\" is unknown; the model has " + String.join(", ", inputNames), true);
            }
        }
        return new InferenceException("more inputs than the model has", true);
    }

    /** Gives back the strings that were made for this run; other inputs stay the caller's. */
    private void release(RunMemory memory, int filled, int[] fed, Map<String, Tensor> inputs) {
        for (int i = 0; i < filled; i++) {
            if (inputs.get(inputNames[fed == null ? i : fed[i]]) instanceof BytesTensor) {
                TF_DeleteTensor(new Handles.TensorHandle(memory.input(i)));
            }
        }
    }

    private Outputs collect(RunMemory memory, int[] wanted) throws InferenceException {
        Tensor[] all = new Tensor[outputNames.length];
        int taken = 0;
        try {
            for (; taken < all.length; taken++) {
                all[taken] = take(taken, new Handles.TensorHandle(memory.output(taken)));
            }
        } catch (InferenceException | RuntimeException e) {
            // The one that failed has been freed where it failed.
            for (int i = 0; i < taken; i++) {
                all[i].close();
            }
            for (int i = taken + 1; i < all.length; i++) {
                TF_DeleteTensor(new Handles.TensorHandle(memory.output(i)));
            }
            throw e;
        }
        if (wanted == null) {
            return new RunOutputs(all);
        }
        Tensor[] some = new Tensor[wanted.length];
        boolean[] kept = new boolean[all.length];
        for (int i = 0; i < wanted.length; i++) {
            some[i] = all[wanted[i]];
            kept[wanted[i]] = true;
        }
        for (int i = 0; i < all.length; i++) {
            if (!kept[i]) {
                all[i].close();
            }
        }
        return new RunOutputs(some);
    }

    /** Makes an output of TensorFlow's tensor, which is freed if that fails. */
    private Tensor take(int index, TF_Tensor handle) throws InferenceException {
        boolean keep = false;
        try {
            long[] dimensions = new long[TF_NumDims(handle)];
            for (int i = 0; i < dimensions.length; i++) {
                dimensions[i] = TF_Dim(handle, i);
            }
            Shape shape = Shape.of(dimensions);
            if (outputTypes[index] == DataType.BYTES) {
                return BytesTensor.of(handle, shape, outputNames[index]);
            }
            long size = TF_TensorByteSize(handle);
            if (size > Integer.MAX_VALUE) {
                throw new InferenceException(
                        "output \"" + outputNames[index] + "\" has " + size + " bytes, more than 2 GiB", false);
            }
            keep = true;
            return PlainTensor.of(handle, outputTypes[index], shape, (int) size);
        } finally {
            if (!keep) {
                TF_DeleteTensor(handle);
            }
        }
    }

    @Override
    public void close() {
        session.close();
        memories.close();
        afterClose.run();
    }
}
