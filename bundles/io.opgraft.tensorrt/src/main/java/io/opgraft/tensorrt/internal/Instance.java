package io.opgraft.tensorrt.internal;

import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One instance of a model: a context for each of its profiles, and graphs. Used by one thread at a time. */
final class Instance implements AutoCloseable {
    /** A shape that comes often is worth a graph; no graph goes for another, so that many shapes do no harm. */
    private static final int USES_BEFORE_GRAPH = 8;

    private static final int MOST_GRAPHS = 8;
    private static final int MOST_COUNTED = 256;
    private static final Logger LOG = LoggerFactory.getLogger(Instance.class);

    private final Engine engine;
    private final HostMemory memory;
    private final List<Profile> profiles = new ArrayList<>();
    private final List<Execution> executions = new ArrayList<>();
    private final Map<List<Shape>, Integer> uses = new HashMap<>();
    private final List<GraphExecution> graphs = new ArrayList<>();
    private boolean useGraphs;

    private Instance(Engine engine, HostMemory memory) {
        this.engine = engine;
        this.memory = memory;
    }

    static Instance open(Engine engine, List<Integer> profiles, HostMemory memory) throws EngineException {
        Instance made = new Instance(engine, memory);
        boolean done = false;
        try {
            for (int number : profiles) {
                made.profiles.add(new Profile(engine, number));
                made.executions.add(new Execution(engine, engine.context(number), memory));
            }
            done = true;
            return made;
        } finally {
            if (!done) {
                made.close();
            }
        }
    }

    List<Profile> profiles() {
        return profiles;
    }

    /** Whether shapes that come often get a graph. */
    void useGraphs(boolean use) {
        useGraphs = use;
    }

    HostTensor[] run(HostTensor[] in) throws InferenceException {
        int profile = profile(in);
        if (useGraphs) {
            GraphExecution graph = graph(in);
            if (graph == null && isDue(in)) {
                graph = addGraph(profile, in);
            }
            if (graph != null) {
                return graph.run(in);
            }
        }
        return executions.get(profile).run(in);
    }

    private GraphExecution graph(HostTensor[] in) {
        for (GraphExecution graph : graphs) {
            if (graph.isFor(in)) {
                return graph;
            }
        }
        return null;
    }

    private int profile(HostTensor[] in) throws InferenceException {
        String refusal = null;
        for (int i = 0; i < profiles.size(); i++) {
            String other = profiles.get(i).refusal(in);
            if (other == null) {
                return i;
            }
            refusal = refusal == null ? other : refusal + "; " + other;
        }
        throw new InferenceException(refusal, true);
    }

    private boolean isDue(HostTensor[] in) {
        if (graphs.size() == MOST_GRAPHS) {
            return false;
        }
        List<Shape> shapes = Arrays.stream(in).map(HostTensor::shape).toList();
        return (uses.size() < MOST_COUNTED || uses.containsKey(shapes))
                && uses.merge(shapes, 1, Integer::sum) > USES_BEFORE_GRAPH;
    }

    /** Null if TensorRT cannot make one, and then none is tried again. */
    GraphExecution addGraph(int profile, HostTensor[] in) throws InferenceException {
        GraphExecution graph = null;
        try {
            EngineContext context = engine.context(profiles.get(profile).number());
            graph = GraphExecution.of(
                    engine.device(), memory, new Execution(engine, context, memory), engine.tensors(), in);
        } catch (EngineException e) {
            LOG.debug("No graph for a plan: {}", e.getMessage());
        }
        if (graph == null) {
            useGraphs = false;
        } else {
            graphs.add(graph);
        }
        return graph;
    }

    /** Frees all graphs; no more are made. */
    void dropGraphs() {
        useGraphs = false;
        graphs.forEach(GraphExecution::close);
        graphs.clear();
    }

    /** Runs on a plain context, whatever graphs there are. */
    HostTensor[] runPlain(int profile, HostTensor[] in) throws InferenceException {
        return executions.get(profile).run(in);
    }

    @Override
    public void close() {
        dropGraphs();
        executions.forEach(Execution::close);
        executions.clear();
    }
}
