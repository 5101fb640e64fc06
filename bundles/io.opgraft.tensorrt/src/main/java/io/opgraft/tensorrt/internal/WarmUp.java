package io.opgraft.tensorrt.internal;

import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Shape;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Runs an instance with zeros, and finds out whether graphs are faster for it. */
final class WarmUp {
    private static final int RUNS = 40;
    /** Copies on the host cost more than a graph saves beyond this size of all tensors. */
    private static final long SMALL = 1 << 20;

    private final Engine engine;
    private final HostMemory memory;

    WarmUp(Engine engine, HostMemory memory) {
        this.engine = engine;
        this.memory = memory;
    }

    /** Runs every profile once. */
    void run(Instance instance) throws InferenceException {
        for (int i = 0; i < instance.profiles().size(); i++) {
            HostTensor[] in = zeros(instance.profiles().get(i));
            try {
                Execution.close(instance.runPlain(i, in));
            } finally {
                Execution.close(in);
            }
        }
    }

    /** Whether a graph of the first profile's usual shapes is faster than the same run without one. */
    boolean graphIsFaster(Instance instance) throws InferenceException {
        HostTensor[] in = zeros(instance.profiles().get(0));
        try {
            HostTensor[] out = instance.runPlain(0, in);
            long bytes = bytes(in) + bytes(out);
            Execution.close(out);
            GraphExecution graph = bytes > SMALL ? null : instance.addGraph(0, in);
            if (graph == null) {
                return false;
            }
            long[] plain = new long[RUNS];
            long[] replayed = new long[RUNS];
            for (int i = 0; i < RUNS; i++) {
                long start = System.nanoTime();
                Execution.close(instance.runPlain(0, in));
                long middle = System.nanoTime();
                Execution.close(graph.run(in));
                plain[i] = middle - start;
                replayed[i] = System.nanoTime() - middle;
            }
            boolean faster = median(replayed) < median(plain);
            if (!faster) {
                instance.dropGraphs();
            }
            return faster;
        } finally {
            Execution.close(in);
        }
    }

    private static long median(long[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static long bytes(HostTensor[] tensors) {
        return Arrays.stream(tensors).mapToLong(HostTensor::size).sum();
    }

    private HostTensor[] zeros(Profile profile) throws InferenceException {
        List<EngineTensor> inputs =
                engine.tensors().stream().filter(EngineTensor::input).toList();
        HostTensor[] in = new HostTensor[inputs.size()];
        boolean done = false;
        try {
            for (int i = 0; i < in.length; i++) {
                Shape shape = profile.usual(i);
                var datatype = inputs.get(i).datatype();
                in[i] = HostTensor.allocate(memory, datatype, shape, HostTensor.size(datatype, shape));
                ByteBuffer content = in[i].buffer();
                while (content.hasRemaining()) {
                    content.put((byte) 0);
                }
            }
            done = true;
            return in;
        } finally {
            if (!done) {
                Execution.close(in);
            }
        }
    }
}
