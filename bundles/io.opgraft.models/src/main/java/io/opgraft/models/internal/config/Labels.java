package io.opgraft.models.internal.config;

import io.opgraft.models.internal.proto.ModelConfigProto.ModelConfig;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelOutput;
import io.opgraft.models.internal.repository.Repository;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The label files that a configuration names: one label a line, in the order of the output's elements. */
final class Labels {
    private static final String FIELD = "output.label_filename";
    private static final long MAX_BYTES = 16 << 20;

    private Labels() {}

    /** The labels by output. */
    static Map<String, List<String>> read(String model, Path configFile, ModelConfig config) throws ConfigException {
        Map<String, List<String>> labels = new HashMap<>();
        for (ModelOutput output : config.getOutputList()) {
            if (!output.getLabelFilename().isEmpty()) {
                labels.put(output.getName(), read(model, configFile, output.getName(), output.getLabelFilename()));
            }
        }
        return labels;
    }

    private static List<String> read(String model, Path configFile, String output, String name) throws ConfigException {
        try {
            Path folder = configFile.resolveSibling("").toRealPath();
            if (name.startsWith("/") || List.of(name.split("/", -1)).contains("..")) {
                throw outside(model, output, name);
            }
            Path file = folder.resolve(name).toRealPath();
            if (!file.startsWith(folder)) {
                throw outside(model, output, name);
            }
            if (Files.size(file) > MAX_BYTES) {
                throw error(model, output, name, "which is larger than " + MAX_BYTES + " bytes.", "");
            }
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw error(model, output, name, "which is not UTF-8 text.", "");
        } catch (InvalidPathException e) {
            throw error(model, output, name, "which is no file name.", "");
        } catch (IOException e) {
            throw error(
                    model,
                    output,
                    name,
                    "which cannot be read: " + Repository.reason(e) + ".",
                    "Put the file into the model's folder, or remove the field.");
        }
    }

    private static ConfigException outside(String model, String output, String name) {
        return error(
                model,
                output,
                name,
                "which is outside of the model's folder.",
                "Copy the file into the model's folder.");
    }

    private static ConfigException error(String model, String output, String name, String rest, String remedy) {
        return new ConfigException(
                FIELD,
                DeclaredConfig.subject(model) + ": field label_filename of output \"" + output + "\" is \"" + name
                        + "\", " + rest,
                remedy);
    }
}
