package io.opgraft.models.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of fields in the README of the whole says what the code does. */
class SupportTableTest {
    private static final String HEAD = "| field of `config.pbtxt` | |\n| --- | --- |\n";
    private static final Pattern FIELD = Pattern.compile("`([a-z_.]+)`");

    @Test
    void readmeIsTrue() throws Exception {
        String readme = Files.readString(Path.of("..", "..", "README.md"));
        Map<String, String> told = new TreeMap<>();
        String table = readme.substring(readme.indexOf(HEAD) + HEAD.length());
        for (String line : table.substring(0, table.indexOf("\n\n")).lines().toList()) {
            String[] cells = line.split("\\|", -1);
            Matcher fields = FIELD.matcher(cells[1]);
            while (fields.find()) {
                assertNull(told.put(fields.group(1), cells[2].strip()), line);
            }
        }
        Map<String, String> done = new TreeMap<>();
        FieldSupport.table().forEach((path, entry) -> done.put(path, words(entry)));
        assertEquals(done, told);
    }

    private static String words(FieldSupport.Entry entry) {
        return switch (entry.effect()) {
            case USED -> "works";
            case IGNORED -> "no effect: " + entry.why();
            case REFUSED -> "refused: " + entry.why();
        };
    }
}
