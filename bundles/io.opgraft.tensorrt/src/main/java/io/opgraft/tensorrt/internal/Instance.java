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
    /** Beyond this size of the inputs a run takes so long that a graph saves nothing that counts. */
    private static final long SMALL = 1 << 20;

    private static final int MOST_COUNTED = 256;
    private static final Logger LOG = LoggerFactory.getLogger(Instance.class);

    private final Engine engine;
    private final HostMemory memory;
    private final List<Profile> profiles = new ArrayList<>();
    private final List<Execution> executions = new ArrayList<>();
    private final Map<List<Shape>, ShapeRuns> shapes = new HashMap<>();
    /** What most runs ask for again. */
    private ShapeRuns last;

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
        Execution plain = executions.get(profile);
        if (!useGraphs || bytes(in) > SMALL) {
            return plain.run(in);
        }
        if (last == null || !last.isFor(in)) {
            last = shapes(in);
        }
        if (last == null) {
            return plain.run(in);
        }
        if (last.isUseNumber(USES_BEFORE_GRAPH) && graphs() < MOST_GRAPHS) {
            addGraph(last, profile, in);
        }
        return last.run(in, plain);
    }

    private static long bytes(HostTensor[] in) {
        long bytes = 0;
        for (HostTensor tensor : in) {
            bytes += tensor.size();
        }
        return bytes;
    }

    /** Null if too many others came before. */
    private ShapeRuns shapes(HostTensor[] in) {
        List<Shape> key = Arrays.stream(in).map(HostTensor::shape).toList();
        ShapeRuns known = shapes.get(key);
        if (known == null && shapes.size() < MOST_COUNTED) {
            known = new ShapeRuns(key);
            shapes.put(key, known);
        }
        return known;
    }

    private long graphs() {
        return shapes.values().stream().filter(ShapeRuns::hasGraph).count();
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

    /** Nothing changes if TensorRT cannot make one, and then none is tried again. */
    private void addGraph(ShapeRuns runs, int profile, HostTensor[] in) {
        GraphExecution graph = null;
        try {
            EngineContext context = engine.context(profiles.get(profile).number());
            graph = GraphExecution.of(engine.device(), new Execution(engine, context, memory), in);
        } catch (EngineException | InferenceException e) {
            LOG.debug("No graph for a plan: {}", e.getMessage());
        }
        if (graph == null) {
            useGraphs = false;
        } else {
            runs.attempt(graph);
        }
    }

    /** Runs on a profile's plain context. */
    HostTensor[] runPlain(int profile, HostTensor[] in) throws InferenceException {
        return executions.get(profile).run(in);
    }

    @Override
    public void close() {
        shapes.values().forEach(ShapeRuns::close);
        shapes.clear();
        last = null;
        executions.forEach(Execution::close);
        executions.clear();
    }
}
