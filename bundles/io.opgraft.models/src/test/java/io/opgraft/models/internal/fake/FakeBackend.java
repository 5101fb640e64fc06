package io.opgraft.models.internal.fake;

import io.opgraft.backend.Backend;
import io.opgraft.backend.BackendStatus;
import io.opgraft.backend.DataType;
import io.opgraft.backend.EnsembleStep;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.LoadedLibrary;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.ModelDescription;
import io.opgraft.backend.ModelLoadException;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.OpLibraryCopy;
import io.opgraft.backend.OpLoadException;
import io.opgraft.backend.OpRequirement;
import io.opgraft.backend.OpScope;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Signature;
import io.opgraft.backend.Tensor;
import io.opgraft.backend.TensorSpec;
import io.opgraft.probe.ProbedOp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A backend whose models are text files named {@code model.fake}: each line is the name of an op that it needs, {@code
 * op attribute} for an op with an attribute, {@code late op} for one that only shows while loading, or {@code broken}.
 */
public final class FakeBackend implements Backend {
    /** Its name. */
    public static final String NAME = "fake";

    /** Libraries that cannot be opened, by label. */
    public final Map<String, String> refused = new HashMap<>();

    /** Attributes that a library knows, by label and op. */
    public final Map<String, String> attributes = new HashMap<>();

    /** Ops that a library declares and does not register. */
    public final Set<String> unregistered = new HashSet<>();

    /** Labels in the order in which they were opened. */
    public final List<String> opened = new ArrayList<>();

    /** What was opened, in that order. */
    public final List<OpLibraryCopy> copies = new ArrayList<>();

    /** What {@link #loadedLibraries} says. */
    public final List<LoadedLibrary> loadedLibraries = new CopyOnWriteArrayList<>();

    /** All that was loaded. */
    public final List<FakeModel> loaded = new CopyOnWriteArrayList<>();

    /** What {@link #status} says. */
    public BackendStatus status = new BackendStatus(true, "1.0");

    /** Set to make every load fail. */
    public String loadFailure;

    /** Whether the model of an ensemble's step can be used. */
    public Predicate<String> steps = model -> true;

    /** Run at the begin of every load. */
    public Runnable onLoad = () -> {};

    /** The signature of every model. */
    public Signature signature = new Signature(
            List.of(new TensorSpec("IN", DataType.INT32, Shape.of(-1, 16))),
            List.of(new TensorSpec("OUT", DataType.INT32, Shape.of(-1, 16))));

    /** Set to let a first load tell the signature, as for files that only the framework itself can read. */
    public Signature lateSignature;

    /** How an instance answers. */
    public interface Answer {
        /** Makes one output. */
        Tensor give(Map<String, Tensor> inputs, String output) throws InferenceException;
    }

    /** How an instance answers that computes with libraries of these labels; by default not at all. */
    public Function<Set<String>, Answer> answers = labels -> (inputs, output) -> {
        throw new InferenceException("nobody told it what to answer", false);
    };

    /** Whether {@link #open} adds to {@link #loadedLibraries}. */
    public boolean counts;

    private record Scope(String label, Set<String> ops, FakeBackend backend) implements OpScope {
        @Override
        public List<String> mismatches(OpRequirement requirement) {
            String wanted = ((FakeOp) requirement).attribute();
            String known = backend.attributes.getOrDefault(label + " " + requirement.op(), "");
            return wanted.isEmpty() || wanted.equals(known)
                    ? List.of()
                    : List.of("attribute \"" + wanted + "\" is unknown to it");
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<String> platforms() {
        return Set.of("fake_model", "ensemble");
    }

    @Override
    public BackendStatus status() {
        return status;
    }

    @Override
    public boolean recognizes(Path versionDirectory) {
        return Files.exists(versionDirectory.resolve("model.fake"));
    }

    private static List<String> lines(ModelSource source) throws ModelLoadException {
        try {
            return Files.readAllLines(source.directory().resolve("model.fake"));
        } catch (IOException e) {
            throw new ModelLoadException("model.fake cannot be read", e);
        }
    }

    @Override
    public ModelDescription inspect(ModelSource source) throws ModelLoadException {
        if (!source.steps().isEmpty()) {
            return new ModelDescription("ensemble", new Signature(source.inputs(), source.outputs()), List.of());
        }
        List<OpRequirement> ops = new ArrayList<>();
        for (String line : lines(source)) {
            if (line.equals("broken")) {
                throw new ModelLoadException("model.fake is damaged");
            }
            if (!line.startsWith("late ") && !line.startsWith("#")) {
                ops.add(op(line));
            }
        }
        return new ModelDescription(
                "fake_model",
                lateSignature == null ? signature : new Signature(source.inputs(), source.outputs()),
                ops);
    }

    @Override
    public List<String> mismatches(OpRequirement requirement, ProbedOp op) {
        String wanted = ((FakeOp) requirement).attribute();
        String known = new String(op.definition(), StandardCharsets.UTF_8);
        return wanted.isEmpty() || wanted.equals(known)
                ? List.of()
                : List.of("attribute \"" + wanted + "\" is unknown to it");
    }

    @Override
    public List<LoadedLibrary> loadedLibraries() {
        return loadedLibraries;
    }

    private static OpRequirement op(String line) {
        String[] words = line.split(" ", 2);
        return new FakeOp(words[0], words.length > 1 ? words[1] : "");
    }

    @Override
    public OpScope open(OpLibraryCopy copy) throws OpLoadException {
        opened.add(copy.label());
        copies.add(copy);
        if (refused.containsKey(copy.label())) {
            throw new OpLoadException(refused.get(copy.label()));
        }
        if (counts && loadedLibraries.stream().noneMatch(l -> l.digest().equals(copy.digest()))) {
            loadedLibraries.add(new LoadedLibrary(copy.digest(), copy.label(), copy.library(), 1 << 20));
        }
        Set<String> ops = new HashSet<>(copy.ops());
        ops.removeAll(unregistered);
        return new Scope(copy.label(), ops, this);
    }

    @Override
    public LoadedModel load(ModelSource source, Map<String, OpScope> ops) throws ModelLoadException {
        onLoad.run();
        if (loadFailure != null) {
            throw new ModelLoadException(loadFailure);
        }
        for (EnsembleStep step : source.steps()) {
            if (!steps.test(step.model())) {
                throw new ModelLoadException("model " + step.model() + " is not ready");
            }
        }
        List<OpRequirement> late = new ArrayList<>();
        for (String line : source.steps().isEmpty() ? lines(source) : List.<String>of()) {
            if (line.startsWith("late ") && !ops.containsKey(line.substring(5))) {
                late.add(FakeOp.of(line.substring(5)));
            }
        }
        if (!late.isEmpty()) {
            throw new ModelLoadException("ops are missing", late);
        }
        if (lateSignature != null) {
            signature = lateSignature;
            lateSignature = null;
            throw new ModelLoadException(
                    "inputs and outputs are known only now",
                    ops.keySet().stream().map(FakeBackend::op).toList());
        }
        Set<String> labels = new HashSet<>();
        ops.values().forEach(scope -> labels.add(((Scope) scope).label()));
        FakeModel model = new FakeModel(source, ops.keySet(), answers.apply(labels));
        loaded.add(model);
        return model;
    }

    /** How many models are loaded and not closed. */
    public long open() {
        return loaded.stream().filter(m -> !m.isClosed()).count();
    }
}
