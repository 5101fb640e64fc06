package io.opgraft.tensorflow.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.InstanceGroup;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.ModelDescription;
import io.opgraft.backend.ModelLoadException;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.OpScope;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.SavedModel;

/** Inspects models, and loads them with each op under the name that its library was given. */
final class ModelLoader {
    private static final Logger LOG = LoggerFactory.getLogger(ModelLoader.class);
    private static final AtomicLong COUNTER = new AtomicLong();

    private final Settings settings;
    private final Map<String, OpDef> coreOps;

    ModelLoader(Settings settings, Map<String, OpDef> coreOps) {
        this.settings = settings;
        this.coreOps = coreOps;
    }

    ModelDescription inspect(ModelSource source) throws ModelLoadException {
        if (source.instanceGroups().stream().anyMatch(g -> g.kind() == InstanceGroup.Kind.GPU)) {
            throw new ModelLoadException("instance_group asks for KIND_GPU, but this TensorFlow runs on the processor;"
                    + " make it KIND_CPU or leave it out");
        }
        ModelFile file = ModelFile.of(source);
        Graph graph = allowed(
                file.savedModel()
                        ? SavedModelReader.graph(SavedModelReader.read(file.path()), source)
                        : GraphDefReader.read(file.path(), source, coreOps));
        return new ModelDescription(file.platform(), graph.signature(), requirements(graph));
    }

    /** Refuses what reaches files of the server, unless that is allowed. */
    private Graph allowed(Graph graph) throws ModelLoadException {
        if (!settings.allowFileOps()) {
            FileOps.check(graph.graph());
        }
        return graph;
    }

    private List<Requirement> requirementsOf(Graph graph) {
        return new OpNames(graph.graph()).requirements(coreOps, graph.listedOps());
    }

    private List<io.opgraft.backend.OpRequirement> requirements(Graph graph) {
        return List.copyOf(requirementsOf(graph));
    }

    private SessionFactory sessions(ModelSource source) throws ModelLoadException {
        return new SessionFactory(settings.with(source.parameters()));
    }

    LoadedModel load(ModelSource source, Map<String, OpScope> ops) throws ModelLoadException {
        ModelFile file = ModelFile.of(source);
        return file.savedModel() ? loadSavedModel(source, file.path(), ops) : loadGraphDef(source, file.path(), ops);
    }

    private LoadedModel loadGraphDef(ModelSource source, Path file, Map<String, OpScope> ops)
            throws ModelLoadException {
        Graph graph = allowed(GraphDefReader.read(file, source, coreOps));
        Set<Scope> scopes = new LinkedHashSet<>();
        Map<String, String> names = privateNames(graph, ops, scopes);
        UnaryOperator<String> authorNames = authorNames(scopes);
        byte[] bound = new OpNames(graph.graph()).renamed(names).toByteArray();
        return warm(source, graph, sessions(source).fromGraphDef(bound, graph, authorNames), authorNames, () -> {});
    }

    private LoadedModel loadSavedModel(ModelSource source, Path folder, Map<String, OpScope> ops)
            throws ModelLoadException {
        SavedModel model = SavedModelReader.read(folder);
        Graph graph = allowed(SavedModelReader.graph(model, source));
        Set<Scope> scopes = new LinkedHashSet<>();
        Map<String, String> names = privateNames(graph, ops, scopes);
        UnaryOperator<String> authorNames = authorNames(scopes);
        Set<String> tags = SavedModelReader.tags(source);
        if (names.isEmpty()) {
            return warm(
                    source,
                    graph,
                    sessions(source).fromSavedModel(folder, tags, graph, authorNames),
                    authorNames,
                    () -> {});
        }
        Path bound = settings.bound()
                .resolve(source.name() + "-" + source.version() + "-" + COUNTER.incrementAndGet())
                .toAbsolutePath();
        boolean loaded = false;
        try {
            BoundDirectory.delete(bound);
            BoundDirectory.create(folder, bound, renamed(model, source, names));
            Session session = sessions(source).fromSavedModel(bound, tags, graph, authorNames);
            loaded = true;
            return warm(source, graph, session, authorNames, () -> discard(bound));
        } catch (IOException e) {
            throw new ModelLoadException(
                    "the bound copy of the model cannot be written to " + bound + ": " + e.getMessage(), e);
        } finally {
            if (!loaded) {
                discard(bound);
            }
        }
    }

    private static byte[] renamed(SavedModel model, ModelSource source, Map<String, String> names)
            throws ModelLoadException {
        SavedModel.Builder result = model.toBuilder();
        int index = SavedModelReader.metaGraph(model, source);
        result.getMetaGraphsBuilder(index)
                .setGraphDef(new OpNames(model.getMetaGraphs(index).getGraphDef()).renamed(names));
        return result.build().toByteArray();
    }

    private Map<String, String> privateNames(Graph graph, Map<String, OpScope> ops, Set<Scope> scopes)
            throws ModelLoadException {
        Map<String, String> names = new HashMap<>();
        List<String> unbound = new ArrayList<>();
        for (Requirement requirement : requirementsOf(graph)) {
            if (ops.get(requirement.op()) instanceof Scope scope && scope.ops().contains(requirement.op())) {
                scopes.add(scope);
                names.put(requirement.op(), scope.privateName(requirement.op()));
            } else {
                unbound.add(requirement.op());
            }
        }
        if (!unbound.isEmpty()) {
            throw new ModelLoadException("no op library is bound to " + String.join(", ", unbound));
        }
        return names;
    }

    /** Takes the private prefixes out of TensorFlow's messages. */
    private static UnaryOperator<String> authorNames(Set<Scope> scopes) {
        List<String> prefixes = scopes.stream().map(Scope::prefix).toList();
        return message -> {
            String result = message;
            for (String prefix : prefixes) {
                result = result.replace("_" + prefix + "_", "_").replace(prefix, "");
            }
            return result;
        };
    }

    private static void discard(Path bound) {
        try {
            BoundDirectory.delete(bound);
        } catch (IOException e) {
            LOG.warn("The folder {} is no longer used but cannot be deleted: {}", bound, e.getMessage());
        }
    }

    private static LoadedModel warm(
            ModelSource source, Graph graph, Session session, UnaryOperator<String> authorNames, Runnable afterClose) {
        SessionModel model = new SessionModel(session, graph, authorNames, afterClose);
        Map<String, Tensor> inputs = new HashMap<>();
        try {
            for (Endpoint input : graph.inputs()) {
                inputs.put(input.spec().name(), zeros(model, input));
            }
            model.warmUp(inputs);
        } catch (InferenceException e) {
            LOG.info(
                    "Warm-up of {} version {} with zeros failed, so its first request may be slow: {}",
                    source.name(),
                    source.version(),
                    e.getMessage());
        } finally {
            inputs.values().forEach(Tensor::close);
        }
        return model;
    }

    /** Zeros, or empty strings; each open dimension is one. */
    private static Tensor zeros(SessionModel model, Endpoint input) throws InferenceException {
        Shape declared = input.spec().shape();
        long[] dimensions = declared == null ? new long[] {1} : declared.toArray();
        for (int i = 0; i < dimensions.length; i++) {
            dimensions[i] = dimensions[i] < 0 ? 1 : dimensions[i];
        }
        Shape shape = Shape.of(dimensions);
        DataType datatype = input.spec().datatype();
        int elementSize = datatype == DataType.BYTES ? 4 : datatype.size();
        Tensor tensor = model.allocate(datatype, shape, shape.elementCount() * elementSize);
        ByteBuffer buffer = tensor.buffer();
        while (buffer.hasRemaining()) {
            buffer.put((byte) 0);
        }
        return tensor;
    }
}
