package io.opgraft.tools.internal.wheel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.opgraft.tools.internal.FailureException;
import java.util.List;
import org.junit.jupiter.api.Test;

class WheelMetadataTest {
    private static final String HEAD = "Metadata-Version: 2.1\nName: Acme-Fast.Ops\nVersion: 1.2rc1\n";

    private static WheelMetadata parse(String rest) throws FailureException {
        return WheelMetadata.parse(HEAD + rest);
    }

    @Test
    void headersAreRead() throws Exception {
        WheelMetadata metadata = parse(
                """
                Summary: Fast ops
                Home-page: UNKNOWN
                Author: Acme
                License: MIT
                Project-URL: Source, https://acme.example/src
                Requires-Dist: numpy>=1
                Requires-Dist: tensorflow (<2.19,>=2.18)

                Name: from the description
                """);
        assertEquals("Acme-Fast.Ops", metadata.name());
        assertEquals("org.pypi.acme_fast_ops", metadata.symbolicName());
        assertEquals("1.2rc1", metadata.version());
        assertEquals("Fast ops", metadata.summary());
        assertEquals("Acme", metadata.vendor());
        assertEquals("MIT", metadata.licence());
        assertEquals("https://acme.example/src", metadata.home());
        assertEquals("<2.19,>=2.18", metadata.requirement(List.of("tensorflow")).toString());
    }

    @Test
    void aLicenceInFullIsNamedByItsClassifier() throws Exception {
        WheelMetadata metadata = parse("License: " + "Permission is granted ".repeat(20)
                + "\n        more of it\nClassifier: License :: OSI Approved :: Apache Software License\n");
        assertEquals("Apache Software License", metadata.licence());
    }

    @Test
    void theExpressionComesFirst() throws Exception {
        assertEquals(
                "Apache-2.0",
                parse("License: x\nLicense-Expression: Apache-2.0\n").licence());
    }

    @Test
    void optionalAndForeignRequirementsDoNotCount() throws Exception {
        WheelMetadata metadata = parse(
                """
                Requires-Dist: tensorflow<2.17; extra == "old"
                Requires-Dist: tensorflow-macos==2.15; platform_system == "Darwin"
                Requires-Dist: tensorflow-io>=0.1
                Requires-Dist: TensorFlow_CPU [x] ~=2.18.0 ; platform_machine == 'x86_64'
                """);
        assertEquals(
                "~=2.18.0",
                metadata.requirement(List.of("tensorflow", "tensorflow-cpu", "tensorflow-macos"))
                        .toString());
        assertNull(metadata.requirement(List.of("tensorflow")));
    }

    @Test
    void withoutNameOrVersionItIsNoWheel() {
        assertThrows(FailureException.class, () -> WheelMetadata.parse("Name: x\n\nVersion: 1"));
        assertThrows(FailureException.class, () -> WheelMetadata.parse(""));
    }
}
