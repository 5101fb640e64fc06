package io.opgraft.tensorrt.internal;

import io.opgraft.backend.OpLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** TensorRT in this process: loaded once for each class loader, never unloaded. */
final class TensorRt implements EngineFactory {
    /**
     * Held while anything is loaded, opened, closed or unmapped: doing two of these at once was seen to crash in the
     * dynamic loader. An interned text is one object for all class loaders of the process.
     */
    static final Object LOCK = "io.opgraft.tensorrt.lock".intern();

    private static final String DRIVER = "libcuda.so.1";
    private static final int MAJOR = 10;
    private static TensorRt instance;

    private final Settings settings;
    private final String version;
    private final Path file;
    private final List<Device> devices;
    private final PlanTrials trials;

    private TensorRt(Settings settings, String version, Path file, List<Device> devices) {
        this.settings = settings;
        this.version = version;
        this.file = file;
        this.devices = devices;
        this.trials = new PlanTrials(settings, version, file);
    }

    /**
     * Loads TensorRT, or gives what was loaded before.
     *
     * @throws IOException if it cannot run; the message says why
     */
    static TensorRt start(Settings settings) throws IOException {
        synchronized (LOCK) {
            if (instance == null) {
                instance = load(settings);
            } else if (!instance.settings.equals(settings)) {
                instance = new TensorRt(settings, instance.version, instance.file, instance.devices);
            }
            return instance;
        }
    }

    private static TensorRt load(Settings settings) throws IOException {
        Files.createDirectories(settings.scratch());
        Path folder = Files.createTempDirectory(settings.scratch().toAbsolutePath(), "tensorrt");
        try {
            Shim.load(folder);
            List<String> reasons = new ArrayList<>();
            List<Device> devices = List.of();
            try {
                devices = Device.all(DRIVER, settings.deviceMemory());
            } catch (IOException e) {
                reasons.add(e.getMessage());
            }
            TensorRtFiles files = null;
            try {
                files = TensorRtFiles.find(settings);
            } catch (IOException e) {
                reasons.add(e.getMessage());
            }
            if (!reasons.isEmpty() || files == null) {
                throw new IOException("no device: " + String.join("; ", reasons));
            }
            return load(settings, files, devices, folder);
        } catch (LinkageError e) {
            throw new IOException("no device: the native parts cannot be loaded: " + e.getMessage(), e);
        } finally {
            // What is loaded needs its file no more.
            Natives.delete(folder);
        }
    }

    private static TensorRt load(Settings settings, TensorRtFiles files, List<Device> devices, Path folder)
            throws IOException {
        if (files.cudart() != null) {
            Shim.openLibrary(Utf8.bytes(files.cudart()));
        }
        long library = Shim.openLibrary(Utf8.bytes(files.nvinfer()));
        if (library == 0) {
            String reason = Utf8.text(Shim.loaderError());
            throw new IOException("no device: TensorRT is not found: " + reason
                    + (files.byName() ? "; install TensorRT 10 or name its folder with --tensorrt-home" : ""));
        }
        Path file = Path.of(Utf8.text(Shim.pathOf(library, Utf8.bytes("getInferLibVersion"))));
        String version = version(Shim.versionOf(library));
        if (!version.startsWith(MAJOR + ".")) {
            throw new IOException("no device: " + file + " is TensorRT " + version + ", and this backend is for "
                    + MAJOR + ".x; name another with --tensorrt-home");
        }
        Presets.load(Natives.unpack(Natives.JAVACPP, folder), Natives.unpack(Natives.NVINFER, folder));
        // TensorRT hands the logger of its first runtime to the whole process: one that stays.
        long log = Shim.newLog();
        Shim.use(devices.get(0).context());
        if (Presets.createRuntime(log, settings.allowPlanCode()) == 0) {
            throw new IOException("no device: TensorRT " + version + " cannot start on " + devices.get(0) + ": "
                    + RuntimeMessages.parse(Utf8.text(Shim.takeLog(log))).last());
        }
        return new TensorRt(settings, version, file, devices);
    }

    /** In words, of TensorRT's number; {@code unknown} if there is none. */
    static String version(int number) {
        return number < 0 ? "unknown" : number / 10_000 + "." + number / 100 % 100 + "." + number % 100;
    }

    @Override
    public String version() {
        return version;
    }

    /** The library. */
    Path file() {
        return file;
    }

    boolean allowPlanCode() {
        return settings.allowPlanCode();
    }

    @Override
    public List<Device> devices() {
        return devices;
    }

    @Override
    public Engine open(PlanFile plan, List<PluginLibrary> libraries, Device device) throws EngineException {
        trials.run(plan, libraries, device);
        return PresetEngine.open(this, plan, libraries, device);
    }

    /** Maps plugin libraries for {@link PluginLibraries}. */
    static final class MappedByLoader implements PluginLibraries.Loader {
        @Override
        public long open(Path file) throws OpLoadException {
            long handle = Shim.openLibrary(Utf8.bytes(file.toAbsolutePath()));
            if (handle == 0) {
                throw new OpLoadException("the dynamic loader refuses it: " + Utf8.text(Shim.loaderError()));
            }
            return handle;
        }

        @Override
        public void close(long handle) {
            Shim.closeLibrary(handle);
        }
    }
}
