package io.opgraft.tensorrt.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The texts are those that TensorRT 10.6 wrote. */
class RuntimeMessagesTest {
    private static final String MISSING =
            "1IPluginRegistry::getCreator: Error Code 4: API Usage Error (Cannot find plugin: AddSub, version: 1,"
                    + " namespace:.)\n";

    private static String reason(String line) {
        return RuntimeMessages.parse(line).reason("10.6.0", "GPU 0 (H100, compute 9.0)");
    }

    @Test
    void namesTheMissingPlugin() {
        RuntimeMessages messages = RuntimeMessages.parse(MISSING
                + "1... Cannot deserialize plugin since corresponding IPluginCreatorInterface not found in Plugin"
                + " Registry\n");
        assertEquals("AddSub/1", messages.missingOp());
    }

    @Test
    void namesTheNameSpaceToo() {
        assertEquals(
                "com.acme::AddSub/2",
                RuntimeMessages.parse(MISSING.replace("version: 1", "version: 2")
                                .replace("namespace:.", "namespace:com.acme."))
                        .missingOp());
    }

    @Test
    void otherErrorsNameNoPlugin() {
        assertNull(
                RuntimeMessages.parse("1plan->header.size == blobSize failed.").missingOp());
    }

    @Test
    void saysBothVersions() {
        String text = reason("0The engine plan file is not compatible with this version of TensorRT, expecting library"
                + " version 10.6.0.26 got 10.3.0.26, please rebuild.");
        assertTrue(text.contains("10.3.0.26") && text.contains("runs TensorRT 10.6.0.26"), text);
        String tags = reason("1IRuntime::deserializeCudaEngine: Error Code 1: Serialization (Serialization assertion"
                + " stdVersionRead == kSERIALIZATION_VERSION failed.Version tag does not match. Note: Current Version:"
                + " 240, Serialized Engine Version: 239)");
        assertTrue(tags.contains("plan format 239") && tags.contains("10.6.0 (plan format 240)"), tags);
    }

    @Test
    void saysBothGpus() {
        String text = reason("1The engine plan file is generated on an incompatible device, expecting compute 9.0 got"
                + " compute 8.6, please rebuild.");
        assertTrue(text.contains("8.6") && text.contains("GPU 0 (H100, compute 9.0) has 9.0"), text);
    }

    @Test
    void tellsACutPlanFromAnotherFile() {
        assertTrue(reason("1plan->header.size == blobSize failed.").contains("cut"));
        assertTrue(
                reason("1plan->header.magicTag == rt::kPLAN_MAGIC_TAG failed.").contains("no plan of TensorRT"));
    }

    @Test
    void warningsCountOnlyWithoutErrors() {
        assertEquals(
                "an error", RuntimeMessages.parse("2a warning\n1an error\n").last());
        assertEquals("a warning", RuntimeMessages.parse("2a warning\n").last());
        assertEquals("", RuntimeMessages.parse("").last());
    }
}
