package io.opgraft.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;

/** A model repository made of copies of the fixture models, and a deploy folder with fixture libraries. */
final class FixtureRepository {
    private static final String FRAMEWORK = "libtensorflow_framework.so.2";

    private final Path models;
    private final Path deploy;

    FixtureRepository(Path models, Path deploy) throws IOException {
        this.models = Files.createDirectories(models);
        this.deploy = Files.createDirectories(deploy);
    }

    Path models() {
        return models;
    }

    Path deploy() {
        return deploy;
    }

    /** Copies a fixture model as it is. */
    void model(String name) throws IOException {
        copyTree(Opgraft.modelFixtures().resolve(name), models.resolve(name));
    }

    /** Copies a fixture model under another name and pins its ops to a bundle. */
    void model(String fixture, String name, String... pins) throws IOException {
        modelFrom(Opgraft.modelFixtures(), fixture, name, pins);
    }

    /** The same from another repository. */
    void modelFrom(Path repository, String fixture, String name, String... pins) throws IOException {
        Path target = models.resolve(name);
        copyTree(repository.resolve(fixture), target);
        Path config = target.resolve("config.pbtxt");
        StringBuilder text = new StringBuilder();
        if (Files.exists(config)) {
            text.append(Files.readString(config).replace("name: \"" + fixture + "\"", "name: \"" + name + "\""));
        }
        for (String pin : pins) {
            text.append("model_operations { op_library_filename: \"")
                    .append(pin)
                    .append("\" }\n");
        }
        Files.writeString(config, text, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
    }

    /** Deploys one folder of fixture libraries as an op bundle. */
    void bundle(String name, String version, String folder, String library, String... ops) throws IOException {
        Path natives = Opgraft.nativeFixtures().resolve(folder);
        OpBundle bundle = OpBundle.of(name, version, natives.resolve(library), ops);
        try (Stream<Path> files = Files.list(natives)) {
            files.filter(file -> !file.getFileName().toString().equals(library)
                            && !file.getFileName().toString().equals(FRAMEWORK))
                    .forEach(bundle::helper);
        }
        bundle.writeTo(deploy.resolve(name + "-" + version + ".jar"));
    }

    static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            files.forEach(file -> {
                try {
                    Path target = to.resolve(from.relativize(file).toString());
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(target);
                    } else {
                        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    static void deleteTree(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
