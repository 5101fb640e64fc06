package io.opgraft.itests.container;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemPackage;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ops4j.pax.exam.Option;

/** Turns the product's own feature files into options of Pax Exam, so that tests boot what users boot. */
final class Features {
    private static final String SLF4J = "2.0.17";

    /** Pax Exam's own bundles still import the first line of versions. */
    private static final String OLD_SLF4J = "1.7.36";

    private static final List<String> SLF4J_PACKAGES =
            List.of("org.slf4j", "org.slf4j.event", "org.slf4j.helpers", "org.slf4j.spi");

    private Features() {}

    /** A framework with these features and a data directory of its own. */
    static Option options(Path data, String... features) throws IOException {
        List<Option> options = new ArrayList<>();
        for (String feature : features) {
            bundles(feature, options);
        }
        for (String name : SLF4J_PACKAGES) {
            options.add(systemPackage(name + ";version=" + SLF4J));
            options.add(systemPackage(name + ";version=" + OLD_SLF4J));
        }
        options.add(frameworkProperty("opgraft.data").value(data.toString()));
        options.add(frameworkProperty("opgraft.version").value("test"));
        // without it FileInstall would watch a folder of the working directory
        options.add(frameworkProperty("felix.fileinstall.dir")
                .value(data.resolve("deploy").toString()));
        options.add(frameworkProperty("felix.fileinstall.tmpdir")
                .value(data.resolve("tmp").toString()));
        options.add(frameworkStartLevel(30));
        options.add(junitBundles());
        return composite(options.toArray(Option[]::new));
    }

    private static void bundles(String feature, List<Option> options) throws IOException {
        Path home = Path.of(System.getProperty("opgraft.home"));
        try (Reader file = Files.newBufferedReader(home.resolve("features/" + feature + ".json"));
                JsonReader reader = Json.createReader(file)) {
            for (JsonObject entry : reader.readObject().getJsonArray("bundles").getValuesAs(JsonObject.class)) {
                String[] id = entry.getString("id").split(":", -1);
                String jar = String.format(
                        "repository/%s/%s/%s/%2$s-%3$s.jar", id[0].replace('.', '/'), id[1], id[id.length - 1]);
                options.add(
                        bundle(home.resolve(jar).toUri().toString()).startLevel(entry.getInt("bundleStartLevel", 20)));
            }
        }
    }
}
