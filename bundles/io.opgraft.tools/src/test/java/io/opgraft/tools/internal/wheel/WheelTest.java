package io.opgraft.tools.internal.wheel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.tools.internal.FailureException;
import io.opgraft.tools.internal.Fixtures;
import io.opgraft.tools.internal.judge.Judge;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WheelTest {
    @TempDir
    Path folder;

    private final Map<String, Object> entries = new LinkedHashMap<>(Map.of(
            "acme-1.0.dist-info/METADATA",
            "Name: acme\nVersion: 1.0\n",
            "acme-1.0.dist-info/WHEEL",
            "Tag: cp311-cp311-manylinux_2_17_x86_64\nTag: cp311-cp311-manylinux2014_x86_64\n"));

    private Wheel unpack() throws Exception {
        Path file = Fixtures.zip(folder.resolve("acme.whl"), entries);
        return Wheel.unpack(file, Files.createDirectory(folder.resolve("work")));
    }

    @Test
    void onlyWhatAServerCanUseIsUnpacked() throws Exception {
        entries.put("acme/__init__.py", "");
        entries.put("acme/ops.pyi", "");
        entries.put("acme/include/a.h", "");
        entries.put("acme/words.txt", "words");
        entries.put("acme-1.0.data/platlib/acme/more.txt", "more");
        entries.put("acme-1.0.data/scripts/run", "run");
        entries.put("acme-1.0.dist-info/licenses/LICENSE", "licence");
        entries.put("acme-1.0.dist-info/RECORD", "");
        Wheel wheel = unpack();
        assertEquals(Set.of("acme/words.txt", "acme/more.txt"), wheel.files().keySet());
        assertEquals("more", Files.readString(wheel.root().resolve("acme/more.txt")));
        assertEquals(Set.of("LICENSE"), wheel.documents().keySet());
        assertEquals(
                Map.of("Python files", 2, "scripts and headers", 1, "sources, headers and static libraries", 1),
                wheel.skipped());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "acme/../../evil", "/etc/evil", "acme//x", "a\\b", "acme-1.0.data/platlib/../x"})
    void pathsThatLeadOutAreRefused(String path) {
        entries.put(path, "evil");
        assertThrows(FailureException.class, this::unpack);
        assertTrue(Files.notExists(folder.resolve("evil")));
    }

    @Test
    void aWheelForAnotherMachineIsNamedAsSuch() {
        entries.put("acme-1.0.dist-info/WHEEL", "Tag: cp311-cp311-macosx_12_0_arm64\n");
        FailureException e = assertThrows(FailureException.class, this::unpack);
        assertTrue(e.getMessage().contains("macosx_12_0_arm64"), e.getMessage());
    }

    @Test
    void aZipOrAFileThatIsNoneIsNoWheel() throws Exception {
        entries.remove("acme-1.0.dist-info/WHEEL");
        assertThrows(FailureException.class, this::unpack);
        Path text = Files.writeString(folder.resolve("text.whl"), "PK\3\4 text");
        assertThrows(FailureException.class, () -> Wheel.unpack(text, folder));
    }

    @Test
    void librariesAreSortedByWhatTheyUse() throws Exception {
        entries.put("acme/_ops.so", Fixtures.opLibrary(folder.resolve("ops.so")));
        entries.put(
                "acme/_cpp_ops.so",
                Fixtures.library(
                        folder.resolve("cpp.so"),
                        "void _ZN10tensorflow12OpDefBuilderC1Ev(void);"
                                + " void f(void) { _ZN10tensorflow12OpDefBuilderC1Ev(); }"));
        entries.put(
                "acme/module.so",
                Fixtures.library(
                        folder.resolve("module.so"),
                        "void PyModule_Create2(void); void TF_NewStatus(void);"
                                + " void f(void) { PyModule_Create2(); TF_NewStatus(); }"));
        entries.put("acme.libs/libhelper.so", Fixtures.library(folder.resolve("helper.so"), "int helper;"));
        entries.put("acme/_text.so", "text");
        entries.put("acme/_cut.so", "\177ELF cut");
        WheelLibraries libraries = WheelLibraries.of(unpack(), "tensorflow");
        assertEquals(
                List.of("acme/_cpp_ops.so", "acme/_cut.so", "acme/_ops.so"),
                libraries.candidates().stream().map(Judge.Named::name).toList());
        assertEquals(List.of("acme/module.so"), libraries.modules());
        assertEquals(List.of("acme.libs/libhelper.so"), libraries.others());
    }
}
