package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.itests.DurableServer.Listed;
import io.opgraft.itests.NumberedModel.Form;
import io.opgraft.itests.NumberedOps.Kind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a server that were damaged while it was down: only the bundle concerned is left out, or it is repaired. */
class DamageIT {
    private static final String PREFIX = "damage.";

    @TempDir
    Path folder;

    private final Map<String, NumberedModel> models = new LinkedHashMap<>();
    private final Map<String, Long> ids = new LinkedHashMap<>();
    private Path data;
    private FixtureRepository repository;
    private NumberedOps ops;

    @BeforeEach
    void layOut() throws Exception {
        data = Files.createDirectories(folder.resolve("data"));
        repository = new FixtureRepository(folder.resolve("models"), data.resolve("deploy"));
        ops = new NumberedOps(folder.resolve("ops"));
    }

    /** A bundle and a model that needs it. */
    private String add(String name) throws IOException {
        String bundle = PREFIX + name;
        models.put(bundle, new NumberedModel(name, Form.GRAPH).addTo(repository, bundle));
        return bundle;
    }

    private String deployed(String name) throws IOException {
        String bundle = add(name);
        ops.write(data.resolve("deploy").resolve(bundle + ".jar"), Kind.SCALE, bundle, 1);
        return bundle;
    }

    private DurableServer start() throws IOException {
        return DurableServer.start(data, repository.models());
    }

    private void installByShell(DurableServer server, String bundle) throws IOException {
        Path jar = Files.createDirectories(folder.resolve("files")).resolve(bundle + ".jar");
        ops.write(jar, Kind.SCALE, bundle, 1);
        String id = server.run("install " + jar.toUri()).replaceAll("\\D", "");
        server.run("start " + id);
        Files.delete(jar);
    }

    private void run(List<String> byShell) throws Exception {
        try (DurableServer server = start()) {
            for (String bundle : byShell) {
                installByShell(server, bundle);
            }
            for (Map.Entry<String, NumberedModel> model : models.entrySet()) {
                server.assertAnswers(model.getValue(), NumberedOps.label(model.getKey(), 1));
            }
            for (Map.Entry<String, Listed> bundle : server.bundles(PREFIX).entrySet()) {
                ids.put(bundle.getKey(), bundle.getValue().id());
            }
            server.kill();
        }
    }

    private Path cached(String bundle) throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("framework").resolve("bundle" + ids.get(bundle)))) {
            return files.filter(file -> file.endsWith("bundle.jar"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    private static void cut(Path file) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(open.length() / 2);
        }
    }

    private static void flip(Path file, long at) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(at);
            int old = open.read();
            open.seek(at);
            open.write(old ^ 0x40);
        }
    }

    @Test
    void onlyTheDamagedBundleIsLeftOutOrItIsRepaired() throws Exception {
        String whole = deployed("whole");
        String cutDeployed = deployed("cut-deployed");
        String flippedDeployed = deployed("flipped-deployed");
        String cutShell = add("cut-shell");
        String flippedShell = add("flipped-shell");
        String noRecord = add("no-record");
        run(List.of(cutShell, flippedShell, noRecord));

        cut(cached(cutDeployed));
        cut(cached(cutShell));
        // In the library, which is stored compressed or not: anywhere in the middle.
        flip(cached(flippedDeployed), Files.size(cached(flippedDeployed)) / 2);
        flip(cached(flippedShell), Files.size(cached(flippedShell)) / 2);
        Files.write(cached(noRecord).getParent().getParent().resolve("bundle.info"), new byte[0]);

        for (int start = 0; start < 2; start++) {
            try (DurableServer server = start()) {
                for (String bundle : List.of(whole, cutDeployed, flippedDeployed, noRecord)) {
                    server.assertAnswers(models.get(bundle), NumberedOps.label(bundle, 1));
                }
                List<String> leftOut = List.of(cutShell, flippedShell);
                Map<String, Listed> bundles = server.bundles(PREFIX);
                for (String bundle : leftOut) {
                    server.assertLacks(models.get(bundle));
                    assertEquals(null, bundles.get(bundle), "left out");
                }
                String log = server.log();
                assertTrue(start > 0 || saysWhy(log, ids.get(cutShell)), log);
                assertTrue(start > 0 || saysWhy(log, ids.get(flippedShell)), log);
                server.kill();
            }
        }
        // What was left out can be installed again.
        try (DurableServer server = start()) {
            installByShell(server, flippedShell);
            server.assertAnswers(models.get(flippedShell), NumberedOps.label(flippedShell, 1));
        }
    }

    private static boolean saysWhy(String log, long id) {
        return log.lines().anyMatch(line -> line.matches(".*\\b(bundle|Bundle) " + id + "\\b.*damaged.*"));
    }

    @Test
    void aChangedPrivateCopyIsMadeAgain() throws Exception {
        String whole = deployed("whole");
        String flipped = deployed("flipped");
        run(List.of());
        int changed = 0;
        for (Path file : stored()) {
            if (String.valueOf(file.getFileName()).endsWith(".so") && holds(file, flipped)) {
                flip(file, Files.size(file) / 2);
                changed++;
            }
        }
        assertEquals(1, changed);
        try (DurableServer server = start()) {
            server.assertAnswers(models.get(whole), NumberedOps.label(whole, 1));
            server.assertAnswers(models.get(flipped), NumberedOps.label(flipped, 1));
            assertTrue(server.log().contains("is not what was stored"), server.log());
        }
    }

    @Test
    void tornRecordsAreNoObstacle() throws Exception {
        String whole = deployed("whole");
        run(List.of());
        List<Path> files = new ArrayList<>(stored());
        files.removeIf(file -> String.valueOf(file.getFileName()).endsWith(".so"));
        Path state = data.resolve("state");
        if (Files.isDirectory(state)) {
            try (Stream<Path> all = Files.walk(state)) {
                all.filter(Files::isRegularFile).forEach(files::add);
            }
        }
        files.add(data.resolve("framework").resolve("distribution.bundles"));
        for (Path file : files) {
            cut(file);
        }
        try (DurableServer server = start()) {
            server.assertAnswers(models.get(whole), NumberedOps.label(whole, 1));
        }
    }

    private List<Path> stored() throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("ops"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** Whether a stored library is that of a bundle, by the number in it. */
    private static boolean holds(Path library, String bundle) throws IOException {
        return NumberedOps.numberIn(library) == NumberedOps.number(NumberedOps.label(bundle, 1));
    }
}
