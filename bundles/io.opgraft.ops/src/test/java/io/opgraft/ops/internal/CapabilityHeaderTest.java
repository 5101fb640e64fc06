package io.opgraft.ops.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CapabilityHeaderTest {
    private static final String USUAL = "osgi.service;effective:=active, opgraft.op; framework=tensorflow;"
            + "ops:List<String>=\"Add,Sub\\\\,Two\";version:Version=\"1.2.0\";library=\"native/x/lib,a.so\","
            + "opgraft.op;framework=\"tensor\\\"rt\";uses:=\"a;b\"";

    @Test
    void readsAttributesAndPassesOverDirectives() throws Exception {
        List<Map<String, Object>> found = CapabilityHeader.read(USUAL, "opgraft.op");
        assertEquals(2, found.size());
        assertEquals("tensorflow", found.get(0).get("framework"));
        assertEquals(List.of("Add", "Sub,Two"), found.get(0).get("ops"));
        assertEquals("1.2.0", found.get(0).get("version"));
        assertEquals("native/x/lib,a.so", found.get(0).get("library"));
        assertEquals(Map.of("framework", "tensor\"rt"), found.get(1));
    }

    @Test
    void noHeaderIsNoCapability() throws Exception {
        assertEquals(List.of(), CapabilityHeader.read(null, "opgraft.op"));
        assertEquals(List.of(), CapabilityHeader.read(" ", "opgraft.op"));
    }

    @Test
    void nonsenseIsAnErrorAndNeverMore() {
        assertThrows(IOException.class, () -> CapabilityHeader.read("opgraft.op;ops=\"x", "opgraft.op"));
        assertThrows(IOException.class, () -> CapabilityHeader.read("opgraft.op;=", "opgraft.op"));
        Random random = new Random(7);
        String letters = ";,:=\"\\ aopgraft.op<>";
        int readable = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(USUAL);
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                text.setCharAt(random.nextInt(text.length()), letters.charAt(random.nextInt(letters.length())));
            }
            try {
                CapabilityHeader.read(text.toString(), "opgraft.op");
                readable++;
            } catch (IOException e) {
                assertTrue(e.getMessage().startsWith("its Provide-Capability header cannot be read"), e.getMessage());
            }
        }
        assertTrue(readable > 0 && readable < 20_000, "the rounds must reach both ends");
    }
}
