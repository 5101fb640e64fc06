package io.opgraft.tools.internal.wrap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.tools.internal.FakeInspector;
import io.opgraft.tools.internal.Fixtures;
import io.opgraft.tools.internal.Frameworks;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrapCommandTest {
    private static final String NATIVE = BundleFiles.natives();

    @TempDir
    Path folder;

    @TempDir
    Path temporary;

    private final FakeInspector inspector = new FakeInspector();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private String absence = "";
    private Path jar;
    private Path myop;

    @BeforeEach
    void build() throws Exception {
        jar = folder.resolve("out.jar");
        myop = Fixtures.opLibrary(folder.resolve("in/libmyop.so"));
        inspector.ops("libmyop.so", "MyOp", "MyOpGrad");
    }

    @AfterEach
    void temporaryFilesAreGone() throws Exception {
        try (Stream<Path> left = Files.list(temporary)) {
            assertEquals(List.of(), left.toList());
        }
    }

    private int wrap(Object... arguments) {
        List<String> line = new ArrayList<>();
        for (Object argument : arguments) {
            line.add(argument.toString());
        }
        return new WrapCommand(
                        inspector,
                        name -> new Frameworks.State("2.18.0", absence),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        temporary)
                .applyAsInt(line.toArray(String[]::new));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private Attributes manifest() throws Exception {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest().getMainAttributes();
        }
    }

    private Set<String> entries() throws Exception {
        try (JarFile file = new JarFile(jar.toFile())) {
            Set<String> names = new TreeSet<>();
            file.stream().forEach(entry -> names.add(entry.getName()));
            names.remove(JarFile.MANIFEST_NAME);
            return names;
        }
    }

    @Test
    void pluginLibrariesOfTensorRtAreKnownByTheirEntryPoints() throws Exception {
        Path plugin = Fixtures.library(
                folder.resolve("in/libplugin.so"), "void getCreators(void) {} void setLoggerFinder(void) {}");
        inspector.ops("libplugin.so", "AddSub/1");
        assertEquals(0, wrap(plugin, "--output", jar), err());
        String capability = manifest().getValue("Provide-Capability");
        assertTrue(capability.contains("framework=\"tensorrt\""), capability);
        assertTrue(capability.contains("AddSub/1"), capability);
    }

    private Path wheel(String requires, Map<String, ?> files) throws Exception {
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put(
                "acme_ops-2.18.1rc1.dist-info/METADATA",
                "Name: acme-ops\nVersion: 2.18.1rc1\nLicense: MIT\nAuthor: Acme\nHome-page: https://acme.example\n"
                        + "Summary: Ops\n" + requires + "\n");
        entries.put("acme_ops-2.18.1rc1.dist-info/WHEEL", "Tag: cp311-cp311-manylinux_2_17_x86_64\n");
        entries.put("acme_ops-2.18.1rc1.dist-info/LICENSE", "licence");
        entries.putAll(files);
        return Fixtures.zip(folder.resolve("acme_ops-2.18.1rc1-cp311-cp311-linux_x86_64.whl"), entries);
    }

    @Test
    void aPlainLibrary() throws Exception {
        assertEquals(0, wrap("--output", jar, "--version", "1.2.0", "--", myop), err());
        assertEquals(Set.of(NATIVE + "libmyop.so"), entries());
        assertEquals("myop", manifest().getValue("Bundle-SymbolicName"));
        assertEquals("1.2.0", manifest().getValue("Bundle-Version"));
        assertEquals(
                "opgraft.op;framework=\"tensorflow\";ops:List<String>=\"MyOp,MyOpGrad\";library=\"" + NATIVE
                        + "libmyop.so\";frameworkVersion=\"2.18.0\"",
                manifest().getValue("Provide-Capability"));
        assertTrue(out().contains("MyOp, MyOpGrad"), out());
        assertTrue(out().contains(jar.toString()), out());
    }

    @Test
    void theSameInputGivesTheSameBytes() throws Exception {
        Path second = folder.resolve("second.jar");
        assertEquals(0, wrap("--output", jar, myop));
        Files.setLastModifiedTime(myop, java.nio.file.attribute.FileTime.fromMillis(1_000_000));
        assertEquals(0, wrap("--output", second, myop));
        assertArrayEquals(Files.readAllBytes(jar), Files.readAllBytes(second));
    }

    @Test
    void nothingIsOverwrittenUnlessForced() throws Exception {
        Files.writeString(jar, "precious");
        assertEquals(1, wrap("--output", jar, myop));
        assertEquals("precious", Files.readString(jar));
        assertTrue(err().contains("--force"), err());
        assertEquals(0, wrap("--output", jar, "--force", myop));
        assertEquals("myop", manifest().getValue("Bundle-SymbolicName"));
    }

    @Test
    void refusedOnesAreNamedAndTheOthersWrapped() throws Exception {
        Path bad = Fixtures.opLibrary(folder.resolve("in/libbad.so"));
        inspector.refuse("libbad.so", "libbad.so needs the symbol x, which TensorFlow does not have");
        assertEquals(0, wrap("--output", jar, bad, myop));
        assertEquals(Set.of(NATIVE + "libmyop.so"), entries());
        assertTrue(out().contains("needs the symbol x"), out());
        Files.delete(jar);
        assertEquals(1, wrap("--output", jar, bad));
        assertTrue(Files.notExists(jar));
        assertTrue(err().contains("No bundle was written"), err());
    }

    @Test
    void opsOfANeededOpLibraryStayItsOwn() throws Exception {
        Path base = Fixtures.opLibrary(folder.resolve("in/libbase.so"), "-Wl,-soname,libbase.so");
        Path user = Fixtures.opLibrary(
                folder.resolve("in/libuser.so"), "-Wl,--no-as-needed", base.toString(), "-Wl,-rpath,$ORIGIN");
        inspector.ops("libbase.so", "Base").ops("libuser.so", "User");
        assertEquals(0, wrap("--output", jar, "--name", "family", user, base), err());
        String capabilities = manifest().getValue("Provide-Capability");
        assertTrue(capabilities.contains("ops:List<String>=\"User\";library=\"" + NATIVE + "libuser.so\""));
        assertTrue(capabilities.contains("ops:List<String>=\"Base\";library=\"" + NATIVE + "libbase.so\""));
        assertEquals(Set.of(NATIVE + "libbase.so", NATIVE + "libuser.so"), entries());
    }

    @Test
    void resourcesLieBesideTheLibraryOrWhereTheyAreWanted() throws Exception {
        Path words = Files.writeString(folder.resolve("words=1.txt"), "words");
        Path more = Files.writeString(folder.resolve("more.txt"), "more");
        assertEquals(
                0, wrap("--output", jar, "--resource", words, "--resource", more + "=OSGI-INF/more.txt", myop), err());
        assertEquals(Set.of(NATIVE + "libmyop.so", NATIVE + "words=1.txt", "OSGI-INF/more.txt"), entries());
        assertEquals(1, wrap("--output", folder.resolve("b.jar"), "--resource", "/no/such", myop));
        assertEquals(2, wrap("--output", folder.resolve("b.jar"), "--resource", more + "=../x", myop));
    }

    @Test
    void twoDifferentFilesCannotTakeOnePlace() throws Exception {
        Path other = Fixtures.library(folder.resolve("other/libmyop.so"), "int other;");
        assertEquals(1, wrap("--output", jar, myop, other));
        assertTrue(err().contains("libmyop.so"), err());
        assertTrue(Files.notExists(jar));
    }

    @Test
    void aWheelKeepsItsLayoutAndItsDescription() throws Exception {
        Path helper =
                Fixtures.library(folder.resolve("w/acme_ops.libs/libdeep.so"), "int d;", "-Wl,-soname,libdeep.so");
        Path ops = Fixtures.opLibrary(
                folder.resolve("w/acme_ops/_ops.so"),
                "-Wl,--no-as-needed",
                helper.toString(),
                "-Wl,-rpath,$ORIGIN/../acme_ops.libs");
        inspector.ops("_ops.so", "AcmeOp");
        Path wheel = wheel(
                "Requires-Dist: tensorflow<2.19,>=2.18",
                Map.of(
                        "acme_ops/_ops.so",
                        ops,
                        "acme_ops.libs/libdeep.so",
                        helper,
                        "acme_ops.libs/libunused.so",
                        Fixtures.library(folder.resolve("unused.so"), "int unused;"),
                        "acme_ops/words.txt",
                        "words",
                        "acme_ops/__init__.py",
                        "",
                        "docs/guide.txt",
                        "guide"));
        assertEquals(0, wrap("--output", jar, wheel), err());
        assertEquals(
                Set.of(
                        NATIVE + "acme_ops/_ops.so",
                        NATIVE + "acme_ops.libs/libdeep.so",
                        NATIVE + "acme_ops/words.txt",
                        "META-INF/wheel/LICENSE"),
                entries());
        Attributes manifest = manifest();
        assertEquals("org.pypi.acme_ops", manifest.getValue("Bundle-SymbolicName"));
        assertEquals("2.18.1.rc1", manifest.getValue("Bundle-Version"));
        assertEquals("MIT", manifest.getValue("Bundle-License"));
        assertEquals("Acme", manifest.getValue("Bundle-Vendor"));
        assertEquals("https://acme.example", manifest.getValue("Bundle-DocURL"));
        assertTrue(manifest.getValue("Provide-Capability").contains("frameworkRange=\"<2.19,>=2.18\""));
        assertTrue(out().contains("1 Python files"), out());
        assertTrue(out().contains("1 data files of packages without op libraries"), out());
        assertEquals(Set.of("_ops.so", "libdeep.so"), inspector.seen.get("_ops.so"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Requires-Dist: tensorflow<2.20,>=2.19 | 1 | here is 2.18.0",
                "Requires-Dist: tensorflow==2.18.1 | 0 | warning: the wheel asks for tensorflow==2.18.1",
                "Requires-Dist: numpy | 0 | does not say which tensorflow",
                "Requires-Dist: tensorflow what | 0 | cannot be read",
            })
    void theRangeOfAWheelIsChecked(String requires, int exit, String part) throws Exception {
        Path wheel = wheel(requires, Map.of("acme_ops/libmyop.so", myop));
        assertEquals(exit, wrap("--output", jar, wheel));
        assertTrue((out() + err()).contains(part), out() + err());
        assertEquals(exit == 0, Files.exists(jar));
    }

    @Test
    void aWheelOfPythonAloneSaysSo() throws Exception {
        assertEquals(1, wrap("--output", jar, wheel("", Map.of("acme/__init__.py", ""))));
        assertTrue(err().contains("no library that uses tensorflow"), err());
    }

    @Test
    void withoutAFrameworkNothingIsWritten() {
        absence = "there are no natives";
        assertEquals(1, wrap("--output", jar, myop));
        assertTrue(err().contains("there are no natives"), err());
        assertTrue(Files.notExists(jar));
    }

    @ParameterizedTest
    @CsvSource({
        "'', needs a library",
        "--name, needs a value",
        "--version x.y a.so, x.y",
        "--frob a.so, --frob",
        "a.whl b.so, either libraries or one wheel"
    })
    void wrongUsageIsTwo(String line, String part) {
        assertEquals(2, wrap((Object[]) (line.isEmpty() ? new String[0] : line.split(" "))));
        assertTrue(err().contains(part), err());
        assertTrue(err().contains("Usage: opgraft wrap"), err());
        assertFalse(err().contains("Exception"), err());
    }

    @Test
    void badNamesAndMissingFilesAreSentences() {
        assertEquals(2, wrap("--output", jar, "--name", "a b", myop));
        assertEquals(1, wrap("--output", jar, folder.resolve("missing.so")));
        assertEquals(1, wrap("--output", folder.resolve("no/such/folder/x.jar"), myop));
        assertTrue(err().contains("missing.so"), err());
        assertFalse(err().contains("Exception"), err());
    }

    @ParameterizedTest
    @CsvSource({"libmy-op.so.1.2, my-op", "_regex.so, _regex", "lib.so, lib", "lib+.so, _", "x, x"})
    void namesFromFiles(String file, String name) {
        assertEquals(name, Plain.name(Path.of(file)));
    }
}
