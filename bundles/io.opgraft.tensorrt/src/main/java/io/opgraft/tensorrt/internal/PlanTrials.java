package io.opgraft.tensorrt.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens and runs a plan with its plugin libraries in a process of its own before the server does: TensorRT does not
 * survive a plugin that throws or gives nothing. Each pair of plan and libraries is tried once. Used by one thread.
 */
final class PlanTrials {
    private static final Logger LOG = LoggerFactory.getLogger(PlanTrials.class);

    private final Settings settings;
    private final String version;
    private final Path nvinfer;
    private ProbeProgram program;

    PlanTrials(Settings settings, String version, Path nvinfer) {
        this.settings = settings;
        this.version = version;
        this.nvinfer = nvinfer;
    }

    /** Throws if the trial ended as the server must not. */
    void run(PlanFile plan, List<PluginLibrary> libraries, Device device) throws EngineException {
        if (!settings.tryPlans() || libraries.isEmpty()) {
            return;
        }
        Path passed = settings.trials().resolve(key(plan, libraries, device));
        if (Files.exists(passed)) {
            return;
        }
        Trial trial;
        try {
            trial = program().run(nvinfer.toString(), files(libraries), plan.path(), device.number());
        } catch (IOException e) {
            throw new EngineException("it cannot be tried: " + e.getMessage());
        }
        List<String> faults = Trial.texts(trial.first(), 'F');
        if (!faults.isEmpty()) {
            throw new EngineException("it cannot be tried: " + faults.get(0));
        }
        if (!trial.ending().isEmpty()) {
            List<String> steps = Trial.texts(trial.first(), 'P');
            String step = steps.isEmpty() ? "TensorRT started" : steps.get(steps.size() - 1);
            throw new EngineException("on trial with "
                    + libraries.stream().map(library -> library.copy().label()).collect(Collectors.joining(", "))
                    + " the process " + trial.ending() + " while " + step
                    + "; in the server it would have done the same");
        }
        if (Trial.texts(trial.first(), 'O').isEmpty()) {
            keep(passed);
        }
    }

    private ProbeProgram program() throws IOException {
        if (program == null) {
            program = new ProbeProgram(settings.scratch(), List.of(nvinfer), settings.probeMillis());
        }
        return program;
    }

    private static List<Path> files(List<PluginLibrary> libraries) {
        return libraries.stream().flatMap(library -> library.files().stream()).toList();
    }

    private String key(PlanFile plan, List<PluginLibrary> libraries, Device device) {
        List<String> parts = new ArrayList<>(List.of(version, device.name(), plan.digest()));
        libraries.forEach(library -> parts.add(library.copy().digest()));
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(hash.digest(String.join("\n", parts).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void keep(Path passed) {
        try {
            Files.createDirectories(passed.getParent());
            Files.write(passed, new byte[0]);
        } catch (IOException e) {
            LOG.warn("That a plan passed its trial cannot be kept, the next start tries it again: {}", e.toString());
        }
    }
}
