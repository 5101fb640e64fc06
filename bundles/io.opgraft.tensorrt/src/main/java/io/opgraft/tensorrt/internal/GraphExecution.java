package io.opgraft.tensorrt.internal;

import io.opgraft.backend.InferenceException;

/** A context that runs one set of shapes as a CUDA graph. Used by one thread at a time. */
final class GraphExecution implements AutoCloseable {
    private final Device device;
    private final Execution execution;
    private final long graph;

    private GraphExecution(Device device, Execution execution, long graph) {
        this.device = device;
        this.execution = execution;
        this.graph = graph;
    }

    /**
     * Runs once and records it.
     *
     * @param execution a context that nobody else uses; closed if there is no graph
     * @param in inputs with the shapes of the graph
     * @return null if TensorRT cannot record this plan
     */
    static GraphExecution of(Device device, Execution execution, HostTensor[] in) throws InferenceException {
        long graph = 0;
        try {
            // TensorRT does what is left to be done for new shapes in the first run, which must not be recorded.
            Execution.close(execution.run(in));
            graph = execution.capture();
            return graph == 0 ? null : new GraphExecution(device, execution, graph);
        } finally {
            if (graph == 0) {
                execution.close();
            }
        }
    }

    HostTensor[] run(HostTensor[] in) throws InferenceException {
        return execution.replay(in, graph);
    }

    @Override
    public void close() {
        Shim.destroyGraph(device.context(), graph);
        execution.close();
    }
}
