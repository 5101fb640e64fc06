package io.opgraft.tensorrt.internal;

import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Shape;
import java.util.List;

/** How runs with one set of shapes are done: plainly, for a while with and without a graph in turn, then the faster way. */
final class ShapeRuns implements AutoCloseable {
    private final List<Shape> shapes;
    private int uses;
    private GraphExecution graph;
    private FasterWay trial;

    ShapeRuns(List<Shape> shapes) {
        this.shapes = shapes;
    }

    boolean isFor(HostTensor[] in) {
        for (int i = 0; i < in.length; i++) {
            if (!in[i].shape().equals(shapes.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Counts a use; true for the one that makes so many of them. */
    boolean isUseNumber(int wanted) {
        return uses < wanted && ++uses == wanted;
    }

    boolean hasGraph() {
        return graph != null;
    }

    /** Begins to try a graph. */
    void attempt(GraphExecution made) {
        graph = made;
        trial = new FasterWay();
    }

    HostTensor[] run(HostTensor[] in, Execution plain) throws InferenceException {
        if (graph == null) {
            return plain.run(in);
        }
        if (trial == null) {
            return graph.run(in);
        }
        long start = System.nanoTime();
        HostTensor[] out = trial.isGraphNext() ? graph.run(in) : plain.run(in);
        trial.took(System.nanoTime() - start);
        if (trial.isKnown()) {
            if (!trial.isGraph()) {
                close();
            }
            trial = null;
        }
        return out;
    }

    /** Frees the graph; runs are plain from now on. */
    @Override
    public void close() {
        if (graph != null) {
            graph.close();
            graph = null;
        }
    }
}
