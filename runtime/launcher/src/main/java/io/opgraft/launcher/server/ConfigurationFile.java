package io.opgraft.launcher.server;

import io.opgraft.launcher.CommandFailedException;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;
import org.osgi.service.feature.FeatureService;

/**
 * Settings of a user by PID, in the form of a feature's configurations: {@code {"io.opgraft.serving": {"threads": 64}}} (OSGi R8
 * Compendium, chapters 159.6 and 150.3). Names and types are checked, since a misspelled one would be ignored in silence.
 */
final class ConfigurationFile {
    private ConfigurationFile() {}

    /**
     * Reads and checks a file.
     *
     * @param known what the server's bundles can be told, by PID
     * @return the values by PID
     * @throws CommandFailedException if it cannot be read or names what is not known
     */
    static Map<String, Map<String, Object>> read(Path file, Map<String, Settings> known) throws CommandFailedException {
        JsonObject content = parse(file);
        for (Map.Entry<String, JsonValue> entry : content.entrySet()) {
            if (!known.containsKey(entry.getKey())) {
                throw wrong(
                        file,
                        entry.getKey() + " is nothing that the chosen features can be told; they have "
                                + String.join(", ", new TreeSet<>(known.keySet())));
            }
            if (entry.getValue().getValueType() != JsonValue.ValueType.OBJECT) {
                throw wrong(file, entry.getKey() + " must be an object of properties");
            }
        }
        Map<String, Map<String, Object>> values = typed(file, content);
        for (Map.Entry<String, Map<String, Object>> entry : values.entrySet()) {
            for (Map.Entry<String, Object> property : entry.getValue().entrySet()) {
                String problem = known.get(entry.getKey()).problem(property.getKey(), property.getValue());
                if (problem != null) {
                    throw wrong(file, problem);
                }
            }
        }
        return values;
    }

    private static JsonObject parse(Path file) throws CommandFailedException {
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
                JsonReader json = Json.createReader(reader)) {
            return json.readObject();
        } catch (JsonException e) {
            throw new CommandFailedException(
                    "The file of --config " + file + " must be a JSON object of PIDs: " + Causes.text(e), e);
        } catch (IOException e) {
            throw new CommandFailedException(
                    "The file of --config " + file + " cannot be read (" + Causes.text(e) + ").", e);
        }
    }

    /** The values as the reader of features gives them, with its rules for types such as {@code "threads:Integer"}. */
    private static Map<String, Map<String, Object>> typed(Path file, JsonObject content) throws CommandFailedException {
        String feature = Json.createObjectBuilder()
                .add("feature-resource-version", "1.0")
                .add("id", "io.opgraft:configuration:1")
                .add("configurations", content)
                .build()
                .toString();
        Map<String, Map<String, Object>> values = new LinkedHashMap<>();
        try {
            ServiceLoader.load(FeatureService.class)
                    .findFirst()
                    .orElseThrow()
                    .readFeature(new StringReader(feature))
                    .getConfigurations()
                    .forEach((pid, configuration) -> values.put(pid, configuration.getValues()));
        } catch (IOException | RuntimeException e) {
            throw new CommandFailedException(
                    "The file of --config " + file + " cannot be read: " + Causes.text(e) + ".", e);
        }
        return values;
    }

    private static CommandFailedException wrong(Path file, String problem) {
        return new CommandFailedException("The file of --config " + file + " is wrong: " + problem + ".");
    }
}
