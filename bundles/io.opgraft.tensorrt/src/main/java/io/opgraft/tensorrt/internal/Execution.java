package io.opgraft.tensorrt.internal;

import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Shape;
import java.util.Arrays;
import java.util.List;

/** A context with the device memory of its tensors. Used by one thread at a time. */
final class Execution implements AutoCloseable {
    private final List<EngineTensor> tensors;
    private final int inputs;
    private final Device device;
    private final HostMemory memory;
    private final EngineContext context;
    private final DeviceBuffers buffers;
    private final Shape[] shapes;
    private final CopyTable table;

    Execution(Engine engine, EngineContext context, HostMemory memory) {
        this.tensors = engine.tensors();
        this.inputs = (int) tensors.stream().filter(EngineTensor::input).count();
        this.device = engine.device();
        this.memory = memory;
        this.context = context;
        this.buffers = new DeviceBuffers(device, tensors.size());
        this.shapes = new Shape[tensors.size()];
        this.table = new CopyTable(tensors.size());
    }

    int inputs() {
        return inputs;
    }

    Shape shape(int tensor) {
        return shapes[tensor];
    }

    /**
     * Runs once.
     *
     * @param in in the plan's order, with shapes that the profile takes
     * @return the outputs in the plan's order
     */
    HostTensor[] run(HostTensor[] in) throws InferenceException {
        bind(in);
        return run(in, 0);
    }

    /** Runs once by a graph that was recorded here, with the shapes that were bound then. */
    HostTensor[] replay(HostTensor[] in, long graph) throws InferenceException {
        return run(in, graph);
    }

    private HostTensor[] run(HostTensor[] in, long graph) throws InferenceException {
        HostTensor[] out = outputs();
        boolean done = false;
        try {
            for (int i = 0; i < tensors.size(); i++) {
                if (i < inputs) {
                    table.set(i, buffers.address(i), in[i].address(), in[i].size());
                } else {
                    HostTensor to = out[i - inputs];
                    table.set(i, to.address(), buffers.address(i), to.size());
                }
            }
            if (graph == 0) {
                submit(out.length);
            } else {
                check(Shim.replay(
                        device.context(),
                        context.stream(),
                        graph,
                        table.address(0),
                        inputs,
                        table.address(inputs),
                        out.length));
            }
            done = true;
            return out;
        } finally {
            if (!done) {
                close(out);
            }
        }
    }

    private void submit(int outputs) throws InferenceException {
        int code = Shim.begin(device.context(), context.stream(), table.address(0), inputs);
        if (code != 0 || !context.enqueue()) {
            // Nothing may still be copied when the tensors go back.
            Shim.waitFor(device.context(), context.stream());
            check(code);
            throw failed("TensorRT could not run the plan");
        }
        check(Shim.finish(context.stream(), table.address(inputs), outputs));
    }

    /** Gives the context the shapes of some inputs, and room for all tensors. */
    void bind(HostTensor[] in) throws InferenceException {
        boolean changed = false;
        for (int i = 0; i < inputs; i++) {
            changed |= !in[i].shape().equals(shapes[i]);
        }
        if (!changed && shapes[shapes.length - 1] != null) {
            return;
        }
        // Not bound until all of it is: a failure half way must not look like these shapes.
        Arrays.fill(shapes, null);
        Shim.use(device.context());
        Shape[] now = new Shape[shapes.length];
        for (int i = 0; i < inputs; i++) {
            now[i] = in[i].shape();
            if (!context.setShape(tensors.get(i).name(), now[i].toArray())) {
                throw failed("input \"" + tensors.get(i).name() + "\" cannot have shape " + now[i]);
            }
        }
        for (int i = 0; i < now.length; i++) {
            EngineTensor tensor = tensors.get(i);
            if (i >= inputs) {
                now[i] = Shape.of(context.shape(tensor.name()));
                if (!now[i].isConcrete()) {
                    throw new InferenceException(
                            "output \"" + tensor.name() + "\" has a size that depends on the data (" + now[i]
                                    + "), which is not supported",
                            false);
                }
            }
            try {
                buffers.ensure(i, HostTensor.size(tensor.datatype(), now[i]));
            } catch (MemoryAccount.FullException e) {
                throw new InferenceException(e.getMessage(), false);
            }
            if (!context.setAddress(tensor.name(), buffers.address(i))) {
                throw failed("tensor \"" + tensor.name() + "\" cannot be given memory");
            }
        }
        System.arraycopy(now, 0, shapes, 0, now.length);
    }

    private HostTensor[] outputs() throws InferenceException {
        HostTensor[] out = new HostTensor[tensors.size() - inputs];
        boolean done = false;
        try {
            for (int i = 0; i < out.length; i++) {
                EngineTensor tensor = tensors.get(inputs + i);
                Shape shape = shapes[inputs + i];
                out[i] = HostTensor.allocate(
                        memory, tensor.datatype(), shape, HostTensor.size(tensor.datatype(), shape));
            }
            done = true;
            return out;
        } finally {
            if (!done) {
                close(out);
            }
        }
    }

    static void close(HostTensor[] tensors) {
        for (HostTensor tensor : tensors) {
            if (tensor != null) {
                tensor.close();
            }
        }
    }

    /**
     * Records as a graph what TensorRT does in a run, without the copies. The shapes have to be bound and to have run once.
     *
     * @return the graph, or 0 if TensorRT cannot do that
     */
    long capture() {
        boolean begun = Shim.beginCapture(device.context(), context.stream()) == 0;
        boolean recorded = begun && context.enqueue();
        long graph = begun ? Shim.endCapture(context.stream()) : 0;
        if (!recorded && graph != 0) {
            Shim.destroyGraph(device.context(), graph);
            graph = 0;
        }
        context.messages();
        return graph;
    }

    private InferenceException failed(String what) {
        String reason = context.messages().last();
        return new InferenceException(reason.isEmpty() ? what : what + ": " + reason, false);
    }

    private void check(int code) throws InferenceException {
        if (code != 0) {
            throw failed("the GPU reports error " + code + " (" + Utf8.text(Shim.errorText(code)) + ")");
        }
    }

    @Override
    public void close() {
        context.close();
        buffers.close();
    }
}
