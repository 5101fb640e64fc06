package io.opgraft.tensorrt.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * A plan that TensorRT has opened, with its runtime, its registry and its logger. What was made last is closed first;
 * TensorRT crashes in any other order.
 */
final class PresetEngine implements Engine {
    private final TensorRt tensorRt;
    private final Device device;
    private final Deque<Runnable> closers = new ArrayDeque<>();
    private final long log;
    private long engine;
    private List<EngineTensor> tensors = List.of();

    private PresetEngine(TensorRt tensorRt, Device device) {
        this.tensorRt = tensorRt;
        this.device = device;
        this.log = Shim.newLog();
        closers.push(() -> Shim.deleteLog(log));
    }

    static PresetEngine open(TensorRt tensorRt, PlanFile plan, List<PluginLibrary> libraries, Device device)
            throws EngineException {
        synchronized (TensorRt.LOCK) {
            Shim.use(device.context());
            PresetEngine opened = new PresetEngine(tensorRt, device);
            boolean done = false;
            try {
                opened.open(plan, libraries);
                done = true;
                return opened;
            } finally {
                if (!done) {
                    opened.close();
                }
            }
        }
    }

    private void open(PlanFile plan, List<PluginLibrary> libraries) throws EngineException {
        long runtime = Presets.createRuntime(log, tensorRt.allowPlanCode());
        if (runtime == 0) {
            throw new EngineException(
                    "TensorRT cannot start on " + device + ": " + messages().last());
        }
        closers.push(() -> Shim.deleteObject(runtime));
        long registry = Presets.registry(runtime);
        for (PluginLibrary library : libraries) {
            load(registry, library);
        }
        try {
            device.memory().take(plan.size());
        } catch (MemoryAccount.FullException e) {
            throw new EngineException("there is no room for it: " + e.getMessage());
        }
        closers.push(() -> device.memory().giveBack(plan.size()));
        engine = deserialize(runtime, plan);
        closers.push(() -> Shim.deleteObject(engine));
        tensors = describe();
    }

    private void load(long registry, PluginLibrary library) throws EngineException {
        library.use();
        closers.push(library::release);
        for (var file : library.files()) {
            long handle = Presets.loadLibrary(registry, file.toAbsolutePath().toString());
            if (handle == 0) {
                throw new EngineException("the library of " + library.copy().label() + " cannot be loaded for it: "
                        + messages().last());
            }
            closers.push(() -> Presets.deregisterLibrary(registry, handle));
        }
    }

    private long deserialize(long runtime, PlanFile plan) throws EngineException {
        long content = Shim.mapFile(Utf8.bytes(plan.path()), plan.size());
        if (content == 0) {
            throw new EngineException("it cannot be read");
        }
        try {
            messages();
            long made = Presets.deserialize(runtime, content, plan.size());
            if (made == 0) {
                RuntimeMessages messages = messages();
                throw new EngineException(messages.reason(tensorRt.version(), device), messages.missingOp());
            }
            return made;
        } finally {
            Shim.unmapFile(content, plan.size());
        }
    }

    private List<EngineTensor> describe() {
        List<EngineTensor> all = new ArrayList<>();
        for (int i = 0; i < Presets.tensorCount(engine); i++) {
            all.add(Presets.tensor(engine, i));
        }
        all.sort(Comparator.comparing(tensor -> !tensor.input()));
        return List.copyOf(all);
    }

    RuntimeMessages messages() {
        return RuntimeMessages.parse(Utf8.text(Shim.takeLog(log)));
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public List<EngineTensor> tensors() {
        return tensors;
    }

    @Override
    public int profiles() {
        return Presets.profiles(engine);
    }

    @Override
    public Range range(String input, int profile) {
        return Presets.range(engine, input, profile);
    }

    @Override
    public long contextBytes() {
        return Presets.contextBytes(engine);
    }

    @Override
    public EngineContext context(int profile) throws EngineException {
        synchronized (TensorRt.LOCK) {
            return PresetContext.open(this, engine, profile);
        }
    }

    @Override
    public void close() {
        synchronized (TensorRt.LOCK) {
            Shim.use(device.context());
            while (!closers.isEmpty()) {
                closers.pop().run();
            }
        }
    }
}
