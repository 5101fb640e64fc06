package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The identity models, one for each datatype. */
final class Identities {
    private static final Set<String> FLOATS = Set.of("fp16", "bf16", "fp32", "fp64");

    private Identities() {}

    static List<Path> models() throws IOException {
        try (Stream<Path> folders = Files.list(Opgraft.modelFixtures())) {
            return folders.filter(folder -> folder.getFileName().toString().startsWith("identity_"))
                    .toList();
        }
    }

    /** Compares the data of the only output with what was sent; floats by value, all else to the letter. */
    static void assertSame(String type, String sent, String body) {
        try (JsonReader expected = Json.createReader(new StringReader(sent));
                JsonReader answer = Json.createReader(new StringReader(body))) {
            JsonArray wanted = expected.readArray();
            JsonArray data =
                    answer.readObject().getJsonArray("outputs").getJsonObject(0).getJsonArray("data");
            if (!FLOATS.contains(type)) {
                assertEquals(wanted, data);
                return;
            }
            assertEquals(wanted.size(), data.size());
            for (int i = 0; i < wanted.size(); i++) {
                double value = ((JsonNumber) data.get(i)).doubleValue();
                assertEquals(wanted.getJsonNumber(i).doubleValue(), value);
            }
        }
    }
}
