package io.opgraft.launcher.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.launcher.CommandFailedException;
import io.opgraft.launcher.Home;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** A distribution with one bundle that provides the command {@code count}. */
class ToolTest {
    @TempDir
    Path folder;

    private Home home;

    /** Copied into the bundle: answers with the number of its arguments, fails for none, and leaves a note of its data. */
    public static final class Activator implements BundleActivator, ToIntFunction<String[]> {
        private BundleContext context;

        @Override
        public void start(BundleContext bundle) {
            context = bundle;
            // The service API asks for a Dictionary.
            @SuppressWarnings("JdkObsolete")
            Dictionary<String, Object> properties = new Hashtable<>(Map.of("opgraft.command", "count"));
            context.registerService(ToIntFunction.class, this, properties);
        }

        @Override
        public void stop(BundleContext bundle) {}

        @Override
        public int applyAsInt(String[] arguments) {
            if (arguments.length == 0) {
                throw new IllegalStateException("there is nothing to count");
            }
            try {
                Files.writeString(Path.of(arguments[0]), context.getProperty("opgraft.data"));
            } catch (IOException e) {
                return -1;
            }
            return arguments.length;
        }
    }

    @BeforeEach
    void layOut() throws IOException {
        home = new Home(folder);
        Files.createDirectories(home.features());
        feature("base");
        feature("tools", "acme:count:1.0.0");
        Path jar = home.repository().resolve("acme/count/1.0.0/count-1.0.0.jar");
        Files.createDirectories(jar.getParent());
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "acme.count");
        main.putValue("Bundle-Activator", Activator.class.getName());
        main.putValue("Import-Package", "org.osgi.framework");
        String entry = Activator.class.getName().replace('.', '/') + ".class";
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out, manifest);
                InputStream code = Activator.class.getClassLoader().getResourceAsStream(entry)) {
            zip.putNextEntry(new ZipEntry(entry));
            code.transferTo(zip);
        }
    }

    private void feature(String name, String... bundles) throws IOException {
        StringBuilder list = new StringBuilder();
        for (String bundle : bundles) {
            list.append(list.isEmpty() ? "" : ",")
                    .append("{\"id\":\"")
                    .append(bundle)
                    .append("\"}");
        }
        Files.writeString(
                home.features().resolve(name + ".json"),
                "{\"feature-resource-version\":\"1.0\",\"id\":\"acme:f:osgifeature:" + name + ":1.0.0\",\"bundles\":["
                        + list + "]}");
    }

    @Test
    void theCommandGetsItsArgumentsAndItsExitCodeIsTheResult() throws Exception {
        Path note = folder.resolve("note");
        assertEquals(3, new Tool(home, "count").run(List.of(note.toString(), "--", "a b")));
        Path data = Path.of(Files.readString(note));
        assertTrue(data.isAbsolute(), data.toString());
        assertTrue(Files.notExists(data), data + " is still there");
    }

    @Test
    void aCommandThatFailsIsOneSentence() {
        CommandFailedException e =
                assertThrows(CommandFailedException.class, () -> new Tool(home, "count").run(List.of()));
        assertTrue(e.getMessage().contains("there is nothing to count"), e.getMessage());
    }

    @Test
    void aDistributionWithoutToolsSaysSo() throws Exception {
        Files.delete(home.features().resolve("tools.json"));
        CommandFailedException e =
                assertThrows(CommandFailedException.class, () -> new Tool(home, "count").run(List.of("x")));
        assertTrue(e.getMessage().contains("feature tools"), e.getMessage());
    }
}
