package io.opgraft.launcher.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.launcher.CommandFailedException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationFileTest {
    private static final String METATYPE =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <metatype:MetaData xmlns:metatype="http://www.osgi.org/xmlns/metatype/v1.2.0">
              <OCD id="a" name="a">
                <AD id="on" type="Boolean" default="true"/>
                <AD id="count" type="Integer" default="1"/>
                <AD id="bytes" type="Long" default="1"/>
                <AD id="names" type="String" cardinality="2147483647" default=""/>
                <AD id="mode" type="String" default="one"><Option value="one"/><Option value="two"/></AD>
                <AD id="port" type="Integer" default="1"/>
              </OCD>
              <OCD id="b" name="b"><AD id="x" type="String"/></OCD>
              <Designate pid="io.opgraft.http"><Object ocdref="a"/></Designate>
              <Designate pid="org.example.other"><Object ocdref="b"/></Designate>
            </metatype:MetaData>
            """;

    @TempDir
    private Path folder;

    private Map<String, Settings> known;

    @BeforeEach
    void bundle() throws Exception {
        Path jar = folder.resolve("bundle.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("OSGI-INF/metatype/a.xml"));
            zip.write(METATYPE.getBytes(StandardCharsets.UTF_8));
        }
        known = KnownSettings.of(List.of(new FeatureBundle("g:a:1", jar, 20)));
    }

    private Map<String, Map<String, Object>> read(String content) throws IOException, CommandFailedException {
        Path file = folder.resolve("config.json");
        Files.writeString(file, content);
        return ConfigurationFile.read(file, known);
    }

    @Test
    void onlyOurPidsCanBeSet() {
        assertEquals(Set.of("io.opgraft.http"), known.keySet());
    }

    @Test
    void valuesComeWithTheirTypes() throws Exception {
        Map<String, Object> values =
                read("""
                        {"io.opgraft.http":
                            {"on": false, "count:Integer": 3, "bytes": 4000000000, "names": ["a", "b"], "mode": "two"}}
                        """)
                        .get("io.opgraft.http");
        assertEquals(false, values.get("on"));
        assertEquals(3, values.get("count"));
        assertEquals(4_000_000_000L, values.get("bytes"));
        assertArrayEquals(new String[] {"a", "b"}, (String[]) values.get("names"));
        assertEquals("two", values.get("mode"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            {"io.opgraft.htp": {}}                     | io.opgraft.htp is nothing
            {"io.opgraft.http": 3}                     | io.opgraft.http must be an object
            {"io.opgraft.http": {"onn": true}}         | has no property onn; it has bytes, count, mode, names, on, port
            {"io.opgraft.http": {"on": "perhaps"}}     | on of io.opgraft.http must be Boolean, but is [perhaps]
            {"io.opgraft.http": {"count": "many"}}     | count of io.opgraft.http must be Integer
            {"io.opgraft.http": {"count": 1.5}}        | count of io.opgraft.http must be Integer
            {"io.opgraft.http": {"count": [1, 2]}}     | count of io.opgraft.http must be Integer, but is [1, 2]
            {"io.opgraft.http": {"mode": "three"}}     | mode of io.opgraft.http must be one of one, two
            {"io.opgraft.http": {"names": [1]}}        | names of io.opgraft.http must be a list, each String
            {"io.opgraft.http": {"port": 1}}           | the option --http-port sets
            {"io.opgraft.http": {                      | must be a JSON object of PIDs
            [1]                                        | must be a JSON object of PIDs
            """)
    void whatIsWrongIsNamed(String content, String problem) {
        CommandFailedException failure = assertThrows(CommandFailedException.class, () -> read(content));
        assertTrue(failure.getMessage().contains(problem), failure.getMessage());
        assertTrue(failure.getMessage().contains("config.json"), failure.getMessage());
    }

    @Test
    void aMissingFileIsNamed() {
        Path missing = folder.resolve("missing.json");
        String message = assertThrows(CommandFailedException.class, () -> ConfigurationFile.read(missing, known))
                .getMessage();
        assertTrue(message.contains("missing.json cannot be read"), message);
    }
}
