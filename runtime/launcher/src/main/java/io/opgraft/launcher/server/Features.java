package io.opgraft.launcher.server;

import io.opgraft.launcher.CommandFailedException;
import io.opgraft.launcher.Home;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.osgi.service.feature.Feature;
import org.osgi.service.feature.FeatureExtension;
import org.osgi.service.feature.FeatureService;
import org.osgi.service.feature.ID;

/**
 * The features of a server, merged.
 *
 * @param names the features, {@code base} first
 * @param bundles what to install; a bundle that several features name is there once
 * @param configurations by PID
 * @param frameworkProperties launching properties; lists of packages are joined
 */
record Features(
        Set<String> names,
        List<FeatureBundle> bundles,
        Map<String, Map<String, Object>> configurations,
        Map<String, String> frameworkProperties) {
    private static final String BASE = "base";
    private static final String SUFFIX = ".json";
    private static final String START_LEVEL = "bundleStartLevel";
    private static final String LAUNCHING_PROPERTIES = "framework-launching-properties";
    private static final int DEFAULT_START_LEVEL = 20;

    /**
     * Reads features.
     *
     * @param home where feature files and bundles lie
     * @param wanted names of features; {@code base} is always among them
     * @param strict whether a feature that the distribution lacks is an error
     * @return the merged features
     * @throws CommandFailedException if a feature or one of its bundles is missing
     */
    static Features read(Home home, List<String> wanted, boolean strict) throws CommandFailedException {
        Set<String> available = available(home);
        Set<String> names = new LinkedHashSet<>();
        names.add(BASE);
        for (String name : wanted) {
            if (available.contains(name)) {
                names.add(name);
            } else if (strict) {
                throw new CommandFailedException("There is no feature " + name + "; this distribution has "
                        + String.join(", ", available) + ".");
            }
        }
        FeatureService service =
                ServiceLoader.load(FeatureService.class).findFirst().orElseThrow();
        Map<String, FeatureBundle> bundles = new LinkedHashMap<>();
        Map<String, Map<String, Object>> configurations = new LinkedHashMap<>();
        Map<String, String> properties = new LinkedHashMap<>();
        for (String name : names) {
            Feature feature = parse(service, home.features().resolve(name + SUFFIX));
            for (org.osgi.service.feature.FeatureBundle bundle : feature.getBundles()) {
                bundles.putIfAbsent(bundle.getID().toString(), locate(home, name, bundle));
            }
            feature.getConfigurations()
                    .forEach((pid, configuration) -> configurations.put(pid, configuration.getValues()));
            launchingProperties(feature)
                    .forEach((key, value) -> properties.merge(
                            key, value, (old, more) -> key.endsWith(".extra") ? old + "," + more : more));
        }
        return new Features(names, new ArrayList<>(bundles.values()), configurations, properties);
    }

    /** These features with some properties set otherwise. */
    Features with(Map<String, Map<String, Object>> settings) {
        Map<String, Map<String, Object>> all = new LinkedHashMap<>();
        configurations.forEach((pid, values) -> all.put(pid, new LinkedHashMap<>(values)));
        settings.forEach((pid, values) ->
                all.computeIfAbsent(pid, key -> new LinkedHashMap<>()).putAll(values));
        return new Features(names, bundles, all, frameworkProperties);
    }

    /** Names of the features that a distribution has. */
    static Set<String> available(Home home) throws CommandFailedException {
        try (Stream<Path> files = Files.list(home.features())) {
            Set<String> names = new TreeSet<>();
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .forEach(name -> names.add(name.substring(0, name.length() - SUFFIX.length())));
            return names;
        } catch (IOException e) {
            throw new CommandFailedException(
                    "The features in " + home.features() + " cannot be read; unpack the distribution again.", e);
        }
    }

    private static Feature parse(FeatureService service, Path file) throws CommandFailedException {
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return service.readFeature(reader);
        } catch (IOException | RuntimeException e) {
            throw new CommandFailedException(
                    "The feature file " + file + " cannot be read: " + Causes.text(e) + ".", e);
        }
    }

    private static FeatureBundle locate(Home home, String feature, org.osgi.service.feature.FeatureBundle bundle)
            throws CommandFailedException {
        Path jar = home.repository().resolve(mavenPath(bundle.getID()));
        if (!Files.isReadable(jar)) {
            throw new CommandFailedException("The feature " + feature + " names " + bundle.getID()
                    + ", which the distribution lacks; unpack the distribution again.");
        }
        Object level = bundle.getMetadata().get(START_LEVEL);
        return new FeatureBundle(
                bundle.getID().toString(), jar, level instanceof Number n ? n.intValue() : DEFAULT_START_LEVEL);
    }

    static String mavenPath(ID id) {
        String classifier = id.getClassifier().map(c -> "-" + c).orElse("");
        return id.getGroupId().replace('.', '/') + "/" + id.getArtifactId() + "/" + id.getVersion() + "/"
                + id.getArtifactId() + "-" + id.getVersion() + classifier + "."
                + id.getType().orElse("jar");
    }

    private static Map<String, String> launchingProperties(Feature feature) {
        FeatureExtension extension = feature.getExtensions().get(LAUNCHING_PROPERTIES);
        Map<String, String> properties = new LinkedHashMap<>();
        if (extension != null) {
            try (JsonReader reader = Json.createReader(new StringReader(extension.getJSON()))) {
                JsonObject object = reader.readObject();
                object.forEach((key, value) ->
                        properties.put(key, value instanceof JsonString s ? s.getString() : value.toString()));
            }
        }
        return properties;
    }
}
