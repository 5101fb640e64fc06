package io.opgraft.tensorrt.internal;

import io.opgraft.backend.InferenceException;
import java.util.List;

/**
 * A context that runs one set of shapes as a CUDA graph. It has host memory of its own, because a graph always reads and
 * writes the same places. Used by one thread at a time.
 */
final class GraphExecution implements AutoCloseable {
    private final Device device;
    private final HostMemory memory;
    private final Execution execution;
    private final long[] blocks;
    private final long[] sizes;
    private final long graph;

    private GraphExecution(
            Device device, HostMemory memory, Execution execution, long[] blocks, long[] sizes, long graph) {
        this.device = device;
        this.memory = memory;
        this.execution = execution;
        this.blocks = blocks;
        this.sizes = sizes;
        this.graph = graph;
    }

    /**
     * Runs once and records it.
     *
     * @param execution a context that nobody else uses; closed if there is no graph
     * @param in inputs with the shapes of the graph
     * @return null if TensorRT cannot record this plan
     */
    static GraphExecution of(
            Device device, HostMemory memory, Execution execution, List<EngineTensor> tensors, HostTensor[] in)
            throws InferenceException {
        long[] blocks = new long[tensors.size()];
        long[] sizes = new long[blocks.length];
        long graph = 0;
        try {
            // TensorRT does what is left to be done for new shapes in the first run, which must not be recorded.
            Execution.close(execution.run(in));
            for (int i = 0; i < blocks.length; i++) {
                sizes[i] = HostTensor.size(tensors.get(i).datatype(), execution.shape(i));
                blocks[i] = memory.take(sizes[i]);
            }
            graph = execution.capture(blocks);
            return graph == 0 ? null : new GraphExecution(device, memory, execution, blocks, sizes, graph);
        } finally {
            if (graph == 0) {
                giveBack(memory, blocks, sizes);
                execution.close();
            }
        }
    }

    private static void giveBack(HostMemory memory, long[] blocks, long[] sizes) {
        for (int i = 0; i < blocks.length; i++) {
            if (blocks[i] != 0) {
                memory.giveBack(blocks[i], sizes[i]);
            }
        }
    }

    /** Whether inputs have the shapes of the graph. */
    boolean isFor(HostTensor[] in) {
        for (int i = 0; i < in.length; i++) {
            if (!in[i].shape().equals(execution.shape(i))) {
                return false;
            }
        }
        return true;
    }

    HostTensor[] run(HostTensor[] in) throws InferenceException {
        return execution.replay(graph, blocks, in);
    }

    @Override
    public void close() {
        Shim.destroyGraph(device.context(), graph);
        execution.close();
        giveBack(memory, blocks, sizes);
    }
}
