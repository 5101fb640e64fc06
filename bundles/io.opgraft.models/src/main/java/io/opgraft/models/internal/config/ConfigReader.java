package io.opgraft.models.internal.config;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelConfig;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelOptimizationPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Reads {@code config.pbtxt} and checks all that can be checked without the model. */
public final class ConfigReader {
    /** The platform of models that are made of other models. */
    private static final String ENSEMBLE = "ensemble";

    private final String model;
    private final Path file;

    private ConfigReader(String model, Path file) {
        this.model = model;
        this.file = file;
    }

    /**
     * Reads a model's configuration.
     *
     * @param model name of the model's folder
     * @param file the file; a missing one reads as an empty one
     * @return what it says
     * @throws ConfigException if it is unreadable, malformed or asks for what is not supported
     */
    public static DeclaredConfig read(String model, Path file) throws ConfigException {
        return new ConfigReader(model, file).read(ConfigText.read(model, file));
    }

    /**
     * Takes a configuration that was given in place of the file.
     *
     * @param model name of the model's folder
     * @param file where the model's own would be, read or not
     * @param json the configuration as JSON
     * @return what it says
     * @throws ConfigException if it is malformed or asks for what is not supported
     */
    public static DeclaredConfig override(String model, Path file, String json) throws ConfigException {
        return new ConfigReader(model, file).read(ConfigJsonReader.read(model, json));
    }

    private DeclaredConfig read(ModelConfig written) throws ConfigException {
        checkName(written);
        List<String> warnings = new ArrayList<>(new LinkedHashSet<>(support(written, "")));
        ConfigChecks.check(model, written);
        SchedulingChecks.check(model, written);
        ModelConfig config = platform(written);
        return new DeclaredConfig(file, config, pins(config), Labels.read(model, file, config), warnings);
    }

    /** An ensemble needs no platform, but no other either. */
    private ModelConfig platform(ModelConfig config) throws ConfigException {
        boolean ensemble = config.hasEnsembleScheduling();
        if (ensemble && config.getPlatform().isEmpty() && config.getBackend().isEmpty()) {
            return config.toBuilder().setPlatform(ENSEMBLE).build();
        }
        if (ensemble != config.getPlatform().equals(ENSEMBLE)) {
            throw error(
                    "platform",
                    ": field platform is \"" + config.getPlatform() + "\", but there is "
                            + (ensemble ? "a field" : "no field") + " ensemble_scheduling.",
                    "Platform \"" + ENSEMBLE + "\" and ensemble_scheduling go together.");
        }
        return config;
    }

    private void checkName(ModelConfig config) throws ConfigException {
        if (!config.getName().isEmpty() && !config.getName().equals(model)) {
            throw error(
                    "name",
                    ": field name is \"" + config.getName() + "\", but the model's folder is \"" + model + "\".",
                    "Make them equal, or remove the field.");
        }
    }

    /** Walks the fields that are set; returns warnings. */
    private List<String> support(Message message, String prefix) throws ConfigException {
        List<String> warnings = new ArrayList<>();
        for (Map.Entry<FieldDescriptor, Object> set : message.getAllFields().entrySet()) {
            String path = prefix + set.getKey().getName();
            FieldSupport.Entry entry = FieldSupport.of(path);
            if (entry == null) {
                for (Object inner : set.getValue() instanceof List<?> list ? list : List.of(set.getValue())) {
                    warnings.addAll(support((Message) inner, path + "."));
                }
            } else if (entry.effect() == FieldSupport.Effect.REFUSED) {
                throw error(
                        path,
                        ": field " + path + " cannot be honoured: " + entry.why() + ".",
                        "Remove it if the model answers rightly without it.");
            } else if (entry.effect() == FieldSupport.Effect.IGNORED && !isDefault(set.getValue())) {
                warnings.add(subject() + ": field " + path + " has no effect: " + entry.why() + ".");
            }
        }
        return warnings;
    }

    /** What every effective configuration shows, so that one that is given back is taken without a word. */
    private static boolean isDefault(Object value) {
        return value instanceof ModelOptimizationPolicy policy && Defaults.isDefault(policy);
    }

    private List<OpPin> pins(ModelConfig config) throws ConfigException {
        List<OpPin> pins = new ArrayList<>();
        for (String text : config.getModelOperations().getOpLibraryFilenameList()) {
            OpPin pin;
            try {
                pin = OpPin.parse(text, isFile(text));
            } catch (ConfigException e) {
                throw error(
                        e.reason().subject(), ": " + e.getMessage(), e.reason().remedy());
            }
            if (pins.stream().anyMatch(pin::clashes)) {
                throw error(
                        OpPin.FIELD,
                        ": field " + OpPin.FIELD + " names " + pin.name() + " twice.",
                        "Keep one of the entries.");
            }
            pins.add(pin);
        }
        return pins;
    }

    private boolean isFile(String text) {
        String name = text.substring(0, text.indexOf(";") < 0 ? text.length() : text.indexOf(";"))
                .strip();
        return name.matches("[A-Za-z0-9_.-]+") && Files.isRegularFile(file.resolveSibling(name));
    }

    private String subject() {
        return DeclaredConfig.subject(model);
    }

    private ConfigException error(String field, String rest, String remedy) {
        return new ConfigException(field, subject() + rest, remedy);
    }
}
