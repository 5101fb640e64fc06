package io.opgraft.models.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.opgraft.models.Explanation;
import io.opgraft.models.Hold;
import io.opgraft.models.ModelStatus;
import io.opgraft.models.ModelStatus.VersionStatus;
import io.opgraft.models.Wiring;
import io.opgraft.models.Wiring.Wire;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentsTest {
    private static final String HEAD = "\"model\":\"good\",\"version\":\"1\",\"state\":\"READY\"";
    private static final String FINDINGS = "\"verdict\":\"isolatable after repair\",\"findings\":[{\"verdict\":"
            + "\"isolatable after repair\",\"topic\":\"unique symbols\",\"file\":\"lib.so\","
            + "\"message\":\"it has 2 unique symbols\",\"remedy\":\"repaired\"}]";

    private static String wire(String op, String bundle, String version, int id) {
        return "{\"op\":\"" + op + "\",\"bundle\":\"" + bundle + "\",\"version\":\"" + version + "\",\"bundle_id\":"
                + id + ",\"provider_state\":\"ACTIVE\",\"vendor\":\"Acme & Sons\",\"licence\":\"MIT\","
                + "\"private\":false,\"digest\":\"delivered-" + bundle + "\",\"loaded_digest\":\"loaded-" + bundle
                + "\"," + FINDINGS + "}";
    }

    @Test
    void wiringOfAReadyModel() {
        assertEquals(
                "{" + HEAD + ",\"asked_for\":true,\"required_ops\":[\"Add\",\"Clip\",\"Sub\"],\"wires\":["
                        + wire("Add", "acme", "1.2.0", 7) + "," + wire("Clip", "other", "3.0.0", 9) + ","
                        + wire("Sub", "acme", "1.2.0", 7) + "],\"notes\":[{\"kind\":\"SCHEMA_MISMATCH\",\"op\":\"Add\","
                        + "\"subject\":\"acme/2.0.0\",\"message\":\"It differs.\",\"remedy\":\"\"}],\"reasons\":[]}",
                WiringJson.of(ModelVersion.of(Examples.good())));
    }

    @Test
    void aHeldModelSaysToWhatSinceWhenAndWhy() {
        Wire wire = new Wire("Add", Examples.provider("acme", "1.2.0", 7, "Add"));
        VersionStatus ready = Examples.ready(1, wire);
        Hold hold = new Hold(Instant.parse("2026-01-02T03:04:05Z"), "rollback", new Wiring(List.of(wire)));
        ModelVersion held = ModelVersion.of(Examples.model(
                "m",
                new VersionStatus(
                        1, ready.state(), null, ready.wiring(), ready.requiredOps(), Explanation.NONE, hold)));
        String json = WiringJson.of(held);
        assertTrue(
                json.contains("\"held\":{\"since\":\"2026-01-02T03:04:05Z\",\"by\":\"rollback\","
                        + "\"ops\":{\"Add\":\"acme/1.2.0\"}}"),
                json);
        assertTrue(WiringDot.of(List.of(held)).contains("m/1\\nREADY\\nheld"));
    }

    @Test
    void wiringOfModelsThatAreNotReady() {
        String waiting = "{\"model\":\"m\",\"version\":\"3\",\"state\":\"WAITING\",\"asked_for\":true,"
                + "\"required_ops\":[\"Clip\"],\"wires\":[],\"notes\":[],\"reasons\":[{\"kind\":\"OP_MISSING\","
                + "\"op\":\"Clip\",\"subject\":\"\",\"message\":\"Op Clip is missing.\",\"remedy\":\"Deploy it.\"}]}";
        String broken = "{\"model\":\"broken\",\"state\":\"FAILED\",\"asked_for\":true,"
                + "\"required_ops\":[],\"wires\":[],\"notes\":[],\"reasons\":[{\"kind\":\"CONFIGURATION\",\"op\":\"\","
                + "\"subject\":\"config.pbtxt\",\"message\":\"It is wrong.\",\"remedy\":\"Change it.\"}]}";
        List<ModelStatus> models = List.of(Examples.model("m", Examples.waiting(3, "Clip")), Examples.broken());
        assertEquals("{\"models\":[" + waiting + "," + broken + "]}", WiringJson.of(ModelVersion.all(models)));
    }

    @Test
    void aBillHasOneComponentForEachLibrary() {
        ModelVersion good = ModelVersion.of(Examples.good());
        List<BillOfMaterials.Component> components = BillOfMaterials.of(good);
        assertEquals(2, components.size());
        assertEquals(List.of("Add", "Sub"), components.get(0).ops());
        assertEquals("lib.so", components.get(0).library());
        assertEquals("acme.jar", components.get(0).location());
        String json = BillOfMaterials.json(good);
        assertTrue(
                json.startsWith("{" + HEAD + ",\"components\":[{\"bundle\":\"acme\",\"version\":\"1.2.0\","
                        + "\"bundle_id\":7,\"provider_state\":\"ACTIVE\",\"vendor\":\"Acme & Sons\","
                        + "\"licence\":\"MIT\",\"location\":\"acme.jar\",\"private\":false,"
                        + "\"framework\":\"tensorflow\",\"library\":\"lib.so\",\"digest\":\"delivered-acme\","
                        + "\"loaded_digest\":\"loaded-acme\",\"build\":{\"bytes\":4096,\"machine\":\"x86_64\","
                        + "\"compiler\":\"GCC 12.2.0\",\"runtime\":\"GLIBC_2.34\",\"needed\":[\"libz.so.1\"]},"
                        + FINDINGS + ",\"ops_used\":[\"Add\",\"Sub\"],\"ops\":[\"Add\",\"Sub\",\"Mul\"]},"),
                json);
        assertTrue(json.endsWith("],\"unwired_ops\":[]}"), json);
    }

    @Test
    void aBillOfAWaitingModelNamesTheOps() {
        assertEquals(
                "{\"model\":\"m\",\"version\":\"1\",\"state\":\"WAITING\",\"components\":[],"
                        + "\"unwired_ops\":[\"Clip\"]}",
                BillOfMaterials.json(ModelVersion.of(Examples.model("m", Examples.waiting(1, "Clip")))));
    }

    @Test
    void jsonStaysJsonWhateverNamesHold() throws IOException {
        String json = WiringJson.of(ModelVersion.of(Examples.model("m", Examples.waiting(1, Examples.NASTY))));
        List<String> texts = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING) {
                    texts.add(parser.getText());
                }
            }
        }
        assertTrue(texts.contains(Examples.NASTY), json);
    }

    @Test
    void aPictureHasEachBundleOnceAndDashesForWhatIsMissing() {
        String dot = WiringDot.of(ModelVersion.all(
                List.of(Examples.good(), Examples.model("m", Examples.waiting(1, "Clip")), Examples.broken())));
        assertTrue(dot.startsWith("digraph wiring {\n"), dot);
        assertTrue(dot.endsWith("}\n"), dot);
        assertEquals(1, dot.split("\n  \"bundle acme/1.2.0 7\" \\[", -1).length - 1, dot);
        assertTrue(dot.contains("\"model good/1\" -> \"bundle acme/1.2.0 7\" [label=\"Add\"];"), dot);
        assertTrue(dot.contains("\"model good/1\" -> \"bundle acme/1.2.0 7\" [label=\"Sub\"];"), dot);
        assertTrue(dot.contains("\"model m/1\" -> \"op Clip\" [style=dashed, color=red];"), dot);
        assertTrue(dot.contains("label=\"broken\\nFAILED\", color=red"), dot);
        assertTrue(dot.contains("acme\\n1.2.0\\nisolatable after repair"), dot);
    }

    @Test
    void dotQuotesWhateverNamesHold() {
        String dot = WiringDot.of(ModelVersion.all(List.of(Examples.model("m", Examples.waiting(1, Examples.NASTY)))));
        assertTrue(dot.contains("\"op a\\\"b\\\\c\\nd é\u2028\""), dot);
        // Without escaped characters every line has its quotes in pairs.
        for (String line : dot.split("\n", -1)) {
            String plain = line.replaceAll("\\\\.", "");
            assertEquals(0, plain.chars().filter(c -> c == '"').count() % 2, line);
        }
        assertFalse(dot.contains("\u0001"));
    }
}
