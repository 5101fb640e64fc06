package io.opgraft.tensorrt.internal;

import io.opgraft.backend.InferenceException;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.ModelDescription;
import io.opgraft.backend.ModelLoadException;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.OpRequirement;
import io.opgraft.backend.OpScope;
import io.opgraft.backend.Signature;
import io.opgraft.backend.TensorSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way from a plan to a model: look at the file, ask TensorRT what it needs, open it, make instances. */
final class PlanLoader {
    private static final Logger LOG = LoggerFactory.getLogger(PlanLoader.class);

    private final Settings settings;
    private final EngineFactory factory;
    private final PlanRecords records;
    private final HostMemory memory;

    PlanLoader(Settings settings, EngineFactory factory) {
        this.settings = settings;
        this.factory = factory;
        this.records = new PlanRecords(settings.plans());
        this.memory = new HostMemory(factory.devices().get(0), settings.hostMemory());
    }

    List<Device> devices() {
        return factory.devices();
    }

    /** Frees memory that is kept for reuse. */
    void close() {
        memory.close();
    }

    ModelDescription inspect(ModelSource source) throws ModelLoadException {
        PlanFile plan = plan(source);
        PlanRecord known = records.get(plan.digest());
        if (known.signature() == null && known.ops().isEmpty()) {
            known = ask(plan);
        }
        Signature signature =
                known.signature() == null ? new Signature(source.inputs(), source.outputs()) : known.signature();
        return new ModelDescription(PlanFile.PLATFORM, signature, requirements(known));
    }

    private static List<OpRequirement> requirements(PlanRecord known) {
        return known.ops().stream()
                .map(op -> (OpRequirement) new PlanRequirement(op))
                .toList();
    }

    private PlanFile plan(ModelSource source) throws ModelLoadException {
        PlanFile plan = PlanFile.of(source);
        if (plan.hostCode() && !settings.allowPlanCode()) {
            throw new ModelLoadException("the plan " + plan.path() + " carries code for the server's processor, which"
                    + " would run in the server as soon as it is opened; if its origin is trusted, start the server"
                    + " with --allow-plan-code, else build it without plugin libraries inside (SHA-256 "
                    + plan.digest() + ")");
        }
        checkVersion(plan);
        return plan;
    }

    /** Plans that carry TensorRT's own code to run on other versions are left to TensorRT. */
    private void checkVersion(PlanFile plan) throws ModelLoadException {
        if (!plan.builtBy().isEmpty() && !plan.hostCode() && !plan.builtBy().startsWith(factory.version() + ".")) {
            throw new ModelLoadException("the plan " + plan.path() + " cannot be opened: it was built by TensorRT "
                    + plan.builtBy() + ", and this server runs TensorRT " + factory.version()
                    + "; build it with that version");
        }
    }

    /** Opens a plan without any library, to see whether it needs one. */
    private PlanRecord ask(PlanFile plan) throws ModelLoadException {
        PlanRecord known = PlanRecord.NOTHING;
        try (Engine engine = factory.open(plan, List.of(), factory.devices().get(0))) {
            known = known.withSignature(signature(plan, engine));
        } catch (EngineException e) {
            if (e.missingOp() == null) {
                throw refused(plan, e);
            }
            known = known.withOp(e.missingOp());
        }
        records.put(plan.digest(), known);
        return known;
    }

    private static ModelLoadException refused(PlanFile plan, EngineException e) {
        return new ModelLoadException("the plan " + plan.path() + " cannot be opened: " + e.getMessage(), e);
    }

    private static Signature signature(PlanFile plan, Engine engine) throws ModelLoadException {
        List<TensorSpec> inputs = new ArrayList<>();
        List<TensorSpec> outputs = new ArrayList<>();
        for (EngineTensor tensor : engine.tensors()) {
            String what = "the plan " + plan.path() + " has " + (tensor.input() ? "an input" : "an output") + " \""
                    + tensor.name() + "\" ";
            if (tensor.datatype() == null) {
                throw new ModelLoadException(what + "of a datatype that the protocol does not have; build the plan"
                        + " with FP32, FP16, BF16, INT8, INT32, INT64, BOOL or UINT8 at its border");
            }
            if (!tensor.plain()) {
                throw new ModelLoadException(what + "that is a shape, lies on the host or is not in rows; build the"
                        + " plan with linear tensors on the device at its border");
            }
            (tensor.input() ? inputs : outputs).add(new TensorSpec(tensor.name(), tensor.datatype(), tensor.shape()));
        }
        return new Signature(inputs, outputs);
    }

    LoadedModel load(ModelSource source, Map<String, OpScope> ops) throws ModelLoadException {
        PlanFile plan = plan(source);
        List<PluginLibrary> libraries = libraries(ops);
        Map<Integer, List<List<Integer>>> wanted = InstancePlan.of(source, factory.devices());
        List<Engine> engines = new ArrayList<>();
        List<Instance> instances = new ArrayList<>();
        boolean done = false;
        try {
            for (Map.Entry<Integer, List<List<Integer>>> device : wanted.entrySet()) {
                Engine engine = open(plan, libraries, factory.devices().get(device.getKey()));
                engines.add(engine);
                learn(plan, engine, source);
                for (List<Integer> profiles : device.getValue()) {
                    instances.add(instance(plan, engine, profiles, source.maxBatchSize()));
                }
                warmUp(
                        source,
                        engine,
                        instances.subList(instances.size() - device.getValue().size(), instances.size()));
            }
            done = true;
            return new PlanModel(memory, engines, instances);
        } finally {
            if (!done) {
                close(engines, instances);
            }
        }
    }

    private static void close(List<Engine> engines, List<Instance> instances) {
        synchronized (TensorRt.LOCK) {
            instances.forEach(Instance::close);
            engines.forEach(Engine::close);
        }
    }

    /** The libraries of some scopes, each once. One registry takes each name from one library only. */
    private static List<PluginLibrary> libraries(Map<String, OpScope> ops) throws ModelLoadException {
        Set<PluginLibrary> found = new LinkedHashSet<>();
        for (Map.Entry<String, OpScope> op : new TreeMap<>(ops).entrySet()) {
            if (!(op.getValue() instanceof PluginLibrary library)) {
                throw new ModelLoadException("op " + op.getKey() + " is bound to a library of another backend");
            }
            found.add(library);
        }
        Map<String, PluginLibrary> byName = new HashMap<>();
        for (PluginLibrary library : found) {
            for (String name : library.ops()) {
                PluginLibrary other = byName.put(name, library);
                if (other != null) {
                    throw new ModelLoadException("both " + other.copy().label() + " and "
                            + library.copy().label()
                            + " define " + name + ", and one model can use only one of them; pin the other ops to a"
                            + " library without it");
                }
            }
        }
        return List.copyOf(found);
    }

    private Engine open(PlanFile plan, List<PluginLibrary> libraries, Device device) throws ModelLoadException {
        try {
            return factory.open(plan, libraries, device);
        } catch (EngineException e) {
            if (e.missingOp() == null) {
                throw refused(plan, e);
            }
            PlanRecord more = records.get(plan.digest()).withOp(e.missingOp());
            records.put(plan.digest(), more);
            throw new ModelLoadException(
                    "the plan " + plan.path() + " needs plugin " + e.missingOp(), requirements(more));
        }
    }

    /** Keeps the signature. What was completed without it, when it was not known yet, may say less or something else. */
    private void learn(PlanFile plan, Engine engine, ModelSource source) throws ModelLoadException {
        PlanRecord known = records.get(plan.digest());
        if (known.signature() == null) {
            known = known.withSignature(signature(plan, engine));
            records.put(plan.digest(), known);
        }
        Signature has = known.signature();
        boolean agree = source.inputs().size() == has.inputs().size()
                && !source.outputs().isEmpty()
                && isIn(source.inputs(), has.inputs())
                && isIn(source.outputs(), has.outputs());
        if (!agree) {
            throw new ModelLoadException(
                    "config.pbtxt states " + text(source.inputs(), source.outputs()) + ", but the plan " + plan.path()
                            + " has " + text(has.inputs(), has.outputs()) + "; correct the fields input and output, or"
                            + " remove them to take the plan's own",
                    requirements(known));
        }
    }

    private static String text(List<TensorSpec> inputs, List<TensorSpec> outputs) {
        return "inputs " + text(inputs) + " and outputs " + text(outputs);
    }

    private static String text(List<TensorSpec> tensors) {
        return tensors.stream()
                .map(tensor -> tensor.name() + " " + tensor.datatype() + " "
                        + (tensor.shape() == null ? "of any shape" : tensor.shape()))
                .collect(Collectors.joining(", ", "(", ")"));
    }

    /** Whether a plan has all tensors that a configuration states, and as it states them. */
    private static boolean isIn(List<TensorSpec> stated, List<TensorSpec> all) {
        return stated.stream().allMatch(one -> all.stream()
                .anyMatch(other -> other.name().equals(one.name())
                        && other.datatype() == one.datatype()
                        && one.shape() != null
                        && other.shape().accepts(one.shape())));
    }

    private Instance instance(PlanFile plan, Engine engine, List<Integer> profiles, int maxBatchSize)
            throws ModelLoadException {
        for (int profile : profiles) {
            if (profile < 0 || profile >= engine.profiles()) {
                throw new ModelLoadException("instance_group names profile " + profile + ", but the plan " + plan.path()
                        + (engine.profiles() == 1 ? " has profile 0 only" : " has 0 to " + (engine.profiles() - 1)));
            }
        }
        Instance made;
        try {
            made = Instance.open(engine, profiles.isEmpty() ? all(engine) : profiles, memory);
        } catch (EngineException e) {
            throw refused(plan, e);
        }
        long largest =
                made.profiles().stream().mapToLong(Profile::largestBatch).max().orElse(0);
        if (maxBatchSize > largest) {
            made.close();
            throw new ModelLoadException("max_batch_size is " + maxBatchSize + ", but the plan " + plan.path()
                    + " takes at most " + largest + "; set max_batch_size to that or build the plan with a larger"
                    + " optimization profile");
        }
        return made;
    }

    private static List<Integer> all(Engine engine) {
        return IntStream.range(0, engine.profiles()).boxed().toList();
    }

    private void warmUp(ModelSource source, Engine engine, List<Instance> instances) {
        instances.forEach(instance -> instance.useGraphs(settings.cudaGraphs()));
        WarmUp warmUp = new WarmUp(engine, memory);
        try {
            for (Instance instance : instances) {
                warmUp.run(instance);
            }
        } catch (InferenceException e) {
            LOG.info(
                    "Warm-up of {} version {} with zeros failed, so its first request may be slow: {}",
                    source.name(),
                    source.version(),
                    e.getMessage());
        }
    }
}
