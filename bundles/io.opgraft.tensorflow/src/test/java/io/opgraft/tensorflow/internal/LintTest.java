package io.opgraft.tensorflow.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.probe.Finding;
import io.opgraft.probe.LibraryFiles;
import io.opgraft.probe.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class LintTest {
    private static final TensorFlowProbe PROBE = new TensorFlowProbe(Lab.SETTINGS, 30_000);

    private static List<Finding> lint(String source, String... options) throws Exception {
        return PROBE.lint(Lab.library("linted 1.0.0", source, options).files());
    }

    private static Finding find(List<Finding> findings, String topic) {
        return findings.stream()
                .filter(finding -> finding.topic().equals(topic))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + topic + " in " + findings));
    }

    @Test
    void aLibraryOfTheCApiIsPortable() throws Exception {
        List<Finding> findings = lint("scale.c", "-DFACTOR=2");
        assertEquals(1, findings.size(), findings.toString());
        assertEquals(Verdict.ISOLATABLE, findings.get(0).verdict());
        assertEquals(
                "built for TensorFlow's C API alone, which stays the same from release to release",
                findings.get(0).message());
    }

    @Test
    void missingSymbolsAreToldByTheirCxxNames() throws Exception {
        Finding finding = find(lint("foreign.cc"), "missing symbols");
        assertEquals(Verdict.REFUSED, finding.verdict());
        assertEquals(
                "it is built for TensorFlow 2.21 (absl lts_20250814): 1 symbol is undefined here: "
                        + "tensorflow::Judge(absl::lts_20250814::Status const&)",
                finding.message());
        assertTrue(find(lint("foreign.c"), "missing symbols")
                .message()
                .startsWith("it is built for another TensorFlow: 2"));
    }

    @Test
    void registrationsForTheWholeProcessAreToldWithoutALoad() throws Exception {
        Finding finding = find(lint("escape.cc", "-DGENERATED=1"), "process-wide registrations");
        assertEquals(Verdict.ONE_VERSION_ONLY, finding.verdict());
        assertTrue(
                finding.message().contains("google::protobuf::DescriptorPool::InternalAddGeneratedFile"),
                finding.message());
        assertTrue(finding.remedy().contains("protobuf"), finding.remedy());
    }

    @Test
    void anExtensionModuleOfPythonIsToldAsSuch() {
        assertEquals(
                "a Python extension module, which works only inside a Python interpreter",
                Origin.ofMissing(List.of("PyList_New", "TF_Old")));
    }

    @Test
    void symbolsOfNoTensorFlowAreNotBlamedOnOne() {
        assertEquals(
                "made for a program or library that it does not name and that is not here",
                Origin.ofMissing(List.of("MPI_Barrier", "_ZN9LAMMPS_NS4PairD2Ev")));
    }

    @Test
    void olderTensorFlowsAreToldByTheirStatus() {
        assertEquals(
                "built for an older TensorFlow, which had a Status class of its own",
                Origin.ofMissing(List.of("_ZN10tensorflow6StatusC1Ev")));
        assertEquals(
                "built for a TensorFlow before 2.16 (absl lts_20220623)",
                Origin.ofMissing(List.of("_ZN10tensorflow1fEN4absl12lts_202206236StatusE")));
    }

    @Test
    void symbolsOfNeededSystemLibrariesAreThere() throws Exception {
        // Nothing in this process has loaded it.
        List<Finding> findings = lint("scale.c", "-DFACTOR=2", "-DZLIB", "-l:libz.so.1");
        assertFalse(findings.stream().anyMatch(finding -> finding.verdict() == Verdict.REFUSED), findings.toString());
    }

    @Test
    void aLibraryThatNobodyHasIsNamed() throws Exception {
        LibraryFiles helper = Lab.library("helper 1.0.0", "nothing.c", "-Wl,-soname,libnobodys.so.7")
                .files();
        Finding finding = find(
                lint(
                        "scale.c",
                        "-DFACTOR=2",
                        "-Wl,--no-as-needed",
                        helper.library().toString()),
                "missing libraries");
        assertEquals(Verdict.REFUSED, finding.verdict());
        assertTrue(finding.message().startsWith("it needs libnobodys.so.7, neither"), finding.message());
    }
}
