package io.opgraft.models.internal.lifecycle;

import io.opgraft.backend.Backend;
import io.opgraft.backend.BackendStatus;
import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.Explanation.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** The backends that are installed now. Changed and asked by the deployer. */
final class Backends {
    /** Which feature serves a platform that no installed backend knows. */
    private static final Map<String, String> FEATURES = Map.of(
            "tensorflow_savedmodel", "tensorflow",
            "tensorflow_graphdef", "tensorflow",
            "tensorrt_plan", "tensorrt",
            "onnxruntime_onnx", "onnxruntime",
            "ensemble", "base");

    /** Which feature serves a model whose configuration does not say, by the default names of the files. */
    private static final Map<String, String> FILES = Map.of(
            "model.savedmodel", "tensorflow",
            "model.graphdef", "tensorflow",
            "model.plan", "tensorrt",
            "model.onnx", "onnxruntime");

    private final List<Backend> installed = new CopyOnWriteArrayList<>();

    /**
     * The backend of a model, or why there is none.
     *
     * @param backend null if there is a reason
     * @param reason null if there is a backend
     */
    record Choice(Backend backend, Reason reason) {}

    void add(Backend backend) {
        installed.add(backend);
    }

    /** Those that are installed now; any thread may ask. */
    List<Backend> all() {
        return installed;
    }

    void remove(Backend backend) {
        installed.remove(backend);
    }

    /**
     * Chooses the backend of a model.
     *
     * @param model model name
     * @param name {@code backend} of the configuration, or empty
     * @param platform {@code platform} of the configuration, or empty
     * @param directory version folder
     */
    Choice choose(String model, String name, String platform, Path directory) {
        List<Backend> fitting = installed.stream()
                .filter(b -> name.isEmpty() || b.name().equals(name))
                .filter(b -> platform.isEmpty() || b.platforms().contains(platform))
                .filter(b -> !name.isEmpty() || !platform.isEmpty() || b.recognizes(directory))
                .toList();
        if (fitting.isEmpty()) {
            return new Choice(null, none(model, name, platform, directory));
        }
        if (fitting.size() > 1 && name.isEmpty()) {
            String names = fitting.stream().map(Backend::name).collect(Collectors.joining(" and "));
            return new Choice(
                    null,
                    new Reason(
                            Kind.CONFIGURATION,
                            "",
                            "backend",
                            "Several backends can serve model " + model + ": " + names + ".",
                            "Set the field backend in config.pbtxt to one of them."));
        }
        Backend backend = fitting.get(0);
        BackendStatus status = backend.status();
        if (!status.available()) {
            return new Choice(
                    null,
                    unavailable(
                            backend.name(),
                            "Model " + model + " needs the backend " + backend.name() + ", which cannot run: "
                                    + status.detail(),
                            ""));
        }
        return new Choice(backend, null);
    }

    private Reason none(String model, String name, String platform, Path directory) {
        boolean contradiction =
                !name.isEmpty() && installed.stream().anyMatch(b -> b.name().equals(name));
        if (contradiction) {
            return new Reason(
                    Kind.CONFIGURATION,
                    "",
                    "platform",
                    "Field platform of model " + model + " is \"" + platform + "\", which backend " + name
                            + " does not serve.",
                    "Correct one of the fields platform and backend in config.pbtxt.");
        }
        if (!name.isEmpty()) {
            return unavailable(
                    name,
                    "Model " + model + " needs the backend " + name + ", which is not installed.",
                    "Start the server with the feature " + name + ".");
        }
        String known = FEATURES.get(platform);
        if (known != null) {
            return unavailable(
                    known,
                    "Model " + model + " has the platform " + platform + ", whose backend " + known
                            + " is not installed.",
                    "Start the server with the feature " + known + ".");
        }
        String names = installed.isEmpty()
                ? "none"
                : installed.stream().map(Backend::name).collect(Collectors.joining(", "));
        if (!platform.isEmpty()) {
            return unavailable(
                    platform,
                    "Model " + model + " has the platform " + platform + ", which no installed backend serves.",
                    "Installed backends: " + names + ".");
        }
        for (Map.Entry<String, String> file : FILES.entrySet()) {
            boolean served = installed.stream().anyMatch(b -> b.name().equals(file.getValue()));
            if (!served && Files.exists(directory.resolve(file.getKey()))) {
                return unavailable(
                        file.getValue(),
                        "Model " + model + " has a " + file.getKey() + ", whose backend " + file.getValue()
                                + " is not installed.",
                        "Start the server with the feature " + file.getValue() + ".");
            }
        }
        return unavailable(
                model,
                "No installed backend recognizes the files of model " + model + " in version folder "
                        + directory.getFileName() + ".",
                "Installed backends: " + names
                        + ". Set the field platform in config.pbtxt, or start the server with the backend's feature.");
    }

    private static Reason unavailable(String subject, String message, String remedy) {
        return new Reason(Kind.BACKEND_UNAVAILABLE, "", subject, message, remedy);
    }
}
