package io.opgraft.tools.internal.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.opgraft.tools.internal.FakeInspector;
import io.opgraft.tools.internal.Fixtures;
import io.opgraft.tools.internal.Frameworks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LintCommandTest {
    @TempDir
    Path folder;

    @TempDir
    Path temporary;

    private final FakeInspector inspector = new FakeInspector();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private String absence = "";

    private int lint(String... arguments) {
        return new LintCommand(
                        inspector,
                        name -> new Frameworks.State("2.18.0", absence),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        temporary)
                .applyAsInt(arguments);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private Path good() throws Exception {
        inspector.ops("libgood.so", "MyOp");
        return Fixtures.opLibrary(folder.resolve("libgood.so"));
    }

    /** The values of the JSON as maps and lists. */
    private List<?> json() throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(out())) {
            parser.nextToken();
            return (List<?>) value(parser);
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            List<Object> list = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                list.add(value(parser));
            }
            return list;
        }
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            Map<String, Object> map = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                map.put(name, value(parser));
            }
            return map;
        }
        return parser.getText();
    }

    @Test
    void aLibraryThatCanBeUsed() throws Exception {
        assertEquals(0, lint("--", good().toString()));
        assertTrue(out().contains("isolatable after repair"), out());
        assertTrue(out().contains("op MyOp(x: T) -> (y: T); kernels: CPU T=float"), out());
        assertTrue(out().contains("unique symbols: it has 2"), out());
        assertTrue(out().contains("1 file, 0 refused"), out());
        assertEquals("", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void goodAndBadFilesAreAllReported() throws Exception {
        Path bad = Files.writeString(folder.resolve("libbad.so"), "no library");
        inspector.refuse("libbad.so", "libbad.so is no ELF file");
        Path missing = folder.resolve("missing.so");
        assertEquals(1, lint("--json", "--", missing.toString(), bad.toString(), folder.toString(), good().toString()));
        List<?> files = json();
        assertEquals(4, files.size());
        List<Object> verdicts = new ArrayList<>();
        files.forEach(file -> verdicts.add(((Map<?, ?>) file).get("verdict")));
        assertEquals(List.of("refused", "refused", "refused", "isolatable after repair"), verdicts);
        for (Object file : files) {
            assertEquals(
                    Set.of("file", "verdict", "reasons", "ops", "registrations", "facts", "digest", "trial"),
                    ((Map<?, ?>) file).keySet());
        }
        assertEquals(missing.toString(), ((Map<?, ?>) files.get(0)).get("file"));
        assertTrue(
                files.get(0).toString().contains("does not exist"), files.get(0).toString());
        assertTrue(
                files.get(1).toString().contains("is no ELF file"), files.get(1).toString());
        Map<?, ?> good = (Map<?, ?>) files.get(3);
        assertEquals(
                "[{name=MyOp, signature=(x: T) -> (y: T), kernels=[{device=CPU, constraints={T=[float]}}]}]",
                good.get("ops").toString());
        assertEquals(
                "[{kind=op, name=MyOp, reach=scope}]", good.get("registrations").toString());
        assertEquals("cd", good.get("digest"));
    }

    @Test
    void somethingForTheWholeProcessLeavesOneVersion() throws Exception {
        inspector.share("libgood.so", "file system", "acme");
        assertEquals(0, lint(good().toString()));
        assertTrue(out().contains("one version only in this process"), out());
        assertTrue(out().contains("the file system acme for the whole process"), out());
    }

    @Test
    void withoutAFrameworkTheStaticPartIsSaidToBeAll() throws Exception {
        inspector.trial = false;
        absence = "there are no natives";
        Path good = good();
        assertEquals(0, lint(good.toString()));
        assertTrue(out().contains("No library was loaded on trial, because there are no natives."), out());
        out.reset();
        assertEquals(0, lint("--json", good.toString()));
        assertTrue(out().contains("\"reason\" : \"there are no natives\""), out());
    }

    @Test
    void onlyHelpersAreJudgedWithALibrary() throws Exception {
        Files.writeString(folder.resolve("libother.so"), "another library of the folder");
        Path good = good();
        lint(good.toString());
        assertEquals(Set.of("libgood.so"), inspector.seen.get("libgood.so"));
    }

    @Test
    void aBundleThatCannotBeReadIsRefusedWithTheReason() throws Exception {
        Path jar = Fixtures.zip(folder.resolve("a.jar"), Map.of("x", "y"));
        assertEquals(1, lint("--json", jar.toString()));
        Map<?, ?> file = (Map<?, ?>) json().get(0);
        assertEquals("refused", file.get("verdict"));
        assertTrue(file.get("reasons").toString().contains("a.jar is no op bundle"), file.toString());
        assertEquals(1, ((List<?>) file.get("libraries")).size());
    }

    @Test
    void aWheelGivesItsOpLibraries() throws Exception {
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("acme-1.0.dist-info/METADATA", "Name: acme\nVersion: 1.0\n");
        entries.put("acme-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\n");
        entries.put("acme/libgood.so", good());
        Path wheel = Fixtures.zip(folder.resolve("acme-1.0-py3-none-any.whl"), entries);
        assertEquals(0, lint("--json", wheel.toString()));
        Map<?, ?> file = (Map<?, ?>) json().get(0);
        assertEquals("acme 1.0", file.get("label"));
        assertEquals("acme/libgood.so", ((Map<?, ?>) ((List<?>) file.get("libraries")).get(0)).get("library"));
    }

    @Test
    void wrongUsageIsTwo() {
        assertEquals(2, lint());
        assertEquals(2, lint("--jsn", "a.so"));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("--jsn"));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("Usage: opgraft lint"));
        assertFalse(err.toString(StandardCharsets.UTF_8).contains("Exception"));
        assertEquals("", out());
    }
}
