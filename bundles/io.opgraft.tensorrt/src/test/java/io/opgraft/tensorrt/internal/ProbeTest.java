package io.opgraft.tensorrt.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.probe.LibraryFiles;
import io.opgraft.probe.ProbeException;
import io.opgraft.probe.ProbeReport;
import io.opgraft.probe.ProbedOp;
import io.opgraft.probe.Registration.Reach;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The trial load, on a machine without TensorRT, a driver or a GPU. */
class ProbeTest {
    private static TensorRtProbe probe;

    @BeforeAll
    static void start() throws Exception {
        // A folder that holds no TensorRT, so that what this machine may have does not count.
        Settings settings = new Settings(Lab.DATA, Lab.folder(), null, false, 0, 0, true, false, true, 20_000);
        probe = new TensorRtProbe(settings);
    }

    @AfterAll
    static void stop() {
        probe.stop();
    }

    private static ProbeReport probe(Path library) throws Exception {
        return probe.probe(Lab.copy(library), Lab.copy(library));
    }

    private static String refusal(String... options) throws Exception {
        Path library = Lab.plugin("libplugin.so", options);
        return assertThrows(ProbeException.class, () -> probe(library)).getMessage();
    }

    @Test
    void findsTheCreatorsWithoutTensorRt() throws Exception {
        ProbeReport report = probe(Lab.plugin("libplugin.so", "-DNAME=\"Scale\"", "-DVERSION=\"3\""));
        assertEquals(
                List.of("Scale/3"), report.ops().stream().map(ProbedOp::name).toList());
        assertEquals("(scale:fp32, axes:int32)", report.ops().get(0).signature());
        assertEquals("", report.secondLoad());
        assertEquals(Reach.SCOPE, report.registrations().get(0).reach());
        assertTrue(probe.environment().startsWith("TensorRT absent"), probe.environment());
    }

    @Test
    void nameSpacesStandBeforeTheName() throws Exception {
        ProbeReport report = probe(Lab.plugin("libplugin.so", "-DNAMESPACE=\"com.acme\""));
        assertEquals(
                List.of("com.acme::AddSub/1"),
                report.ops().stream().map(ProbedOp::name).toList());
    }

    @Test
    void whatEndsTheProcessIsARefusal() throws Exception {
        assertTrue(refusal("-DCRASH").startsWith("it crashed (SIGABRT)"), refusal("-DCRASH"));
        assertEquals("its getCreators throws an exception: getCreators threw on purpose", refusal("-DTHROW"));
        assertTrue(refusal("-DUNDEFINED").contains("undefined symbol: nobody_defines_this"));
        assertEquals("it has no getCreators", refusal("-DNO_ENTRY"));
        assertEquals(
                "it has a creator of a kind that this backend does not know: PLUGIN CREATOR_V9",
                refusal("-DKIND=\"PLUGIN CREATOR_V9\""));
    }

    @Test
    void copiesThatShareTheirCodeAreOneVersionOnly() throws Exception {
        Path helper = Lab.plugin("libhelper.so", "-Wl,-soname,libhelper.so");
        Path source = java.nio.file.Files.writeString(
                Lab.folder().resolve("outer.cc"),
                """
                extern "C" { void *getCreators(int &); void setLoggerFinder(void *); }
                extern "C" void *outer(int &n) { return getCreators(n); }
                """);
        Path outer = Lab.compile(
                "g++",
                source,
                Lab.folder().resolve("libouter.so"),
                "-Wl,--no-as-needed",
                helper.toString(),
                "-Wl,-rpath," + helper.getParent(),
                "-Wl,--defsym=unused=0");
        // dlsym finds the entry points in the helper, which both copies share by its name.
        ProbeReport report = probe(outer);
        assertTrue(report.secondLoad().contains("the first one's code for AddSub/1"), report.secondLoad());
        assertTrue(report.registrations().stream().anyMatch(r -> r.reach() == Reach.PROCESS));
    }

    @Test
    void aLibraryThatNeedsTensorRtIsNotTriedWithoutIt() throws Exception {
        Path source = java.nio.file.Files.writeString(Lab.folder().resolve("empty.c"), "int opgraft_empty;\n");
        Path nvinfer =
                Lab.compile("gcc", source, Lab.folder().resolve("libnvinfer.so.10"), "-Wl,-soname,libnvinfer.so.10");
        Path library = Lab.plugin("libplugin.so", "-Wl,--no-as-needed", nvinfer.toString());
        LibraryFiles files = Lab.copy(library);
        IOException e = assertThrows(IOException.class, () -> probe.probe(files, files));
        assertTrue(e.getMessage().startsWith("it needs libnvinfer.so.10, and TensorRT is not found"), e.getMessage());
    }

    @Test
    void theDriversStubLetsLibrariesBeMapped() throws Exception {
        Path stub = Natives.unpack(Natives.DRIVER_STUB, Lab.folder());
        ProbeReport report = probe(Lab.plugin("libplugin.so", "-Wl,--no-as-needed", stub.toString()));
        assertEquals(1, report.ops().size());
    }
}
