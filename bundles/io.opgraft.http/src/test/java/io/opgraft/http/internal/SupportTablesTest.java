package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tables of routes and extensions in the README of the whole say what the server does. */
class SupportTablesTest {
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    private static List<String[]> table(String head) throws Exception {
        String readme = Files.readString(Path.of("..", "..", "README.md"));
        String table = readme.substring(readme.indexOf(head));
        List<String[]> rows = new ArrayList<>();
        for (String line : table.substring(0, table.indexOf("\n\n")).lines().toList()) {
            if (line.contains("`")) {
                rows.add(line.split("\\|", -1));
            }
        }
        return rows;
    }

    @Test
    void routes() throws Exception {
        int seen = 0;
        try (TestServer server = new TestServer()) {
            for (String[] row : table("| method | route |")) {
                Matcher path = QUOTED.matcher(row[2]);
                while (path.find()) {
                    String method = row[1].strip();
                    String url = path.group(1).replace("/M", "/simple").replace("/V", "/1");
                    // One of the rows takes it away.
                    server.models.add(FakeModel.addSub("simple"));
                    HttpRequest request = HttpRequest.newBuilder(server.uri(url))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build();
                    int status = server.send(request).statusCode();
                    if (row[3].strip().startsWith("works")) {
                        assertFalse(Set.of(404, 405, 501).contains(status), method + " " + url + ": " + status);
                    } else {
                        assertTrue(row[3].strip().startsWith("refused"), row[3]);
                        assertEquals(501, status, method + " " + url);
                    }
                    seen++;
                }
            }
        }
        assertTrue(seen > 25, "rows: " + seen);
    }

    @Test
    void extensions() throws Exception {
        Set<String> works = new TreeSet<>();
        Set<String> allowed = new TreeSet<>();
        for (String[] row : table("| extension | | |")) {
            Matcher name = QUOTED.matcher(row[1]);
            while (name.find()) {
                if (row[2].strip().equals("works")) {
                    works.add(name.group(1));
                } else if (row[2].strip().equals("if allowed")) {
                    allowed.add(name.group(1));
                } else {
                    assertEquals("refused", row[2].strip());
                }
            }
        }
        assertEquals(new TreeSet<>(MetadataRoutes.extensions(false)), works);
        allowed.addAll(works);
        assertEquals(new TreeSet<>(MetadataRoutes.extensions(true)), allowed);
    }
}
