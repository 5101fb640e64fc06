package io.opgraft.tensorflow.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.LoadedLibrary;
import io.opgraft.backend.OpLibraryCopy;
import io.opgraft.backend.OpLoadException;
import io.opgraft.probe.Registration;
import io.opgraft.probe.Registration.Reach;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What libraries take of the whole process is held by name, across class loaders. */
class ClaimsTest {
    private static OpLibraryCopy claiming(String label, String kind, String name) throws Exception {
        OpLibraryCopy copy = Lab.library(label, "scale.c", "-DFACTOR=2", "-Wl,-soname," + label);
        Registration claim = new Registration(kind, name, Reach.PROCESS);
        return new OpLibraryCopy(copy.digest(), copy.library(), label, List.of(), List.of(claim));
    }

    private static String refused(OpLibraryCopy copy) {
        return assertThrows(OpLoadException.class, () -> Lab.BACKEND.open(copy)).getMessage();
    }

    @Test
    void differentNamesServeSideBySideAndEqualOnesDoNot() throws Exception {
        Lab.BACKEND.open(claiming("a 1.0.0", "collective", "claims/a.proto"));
        Lab.BACKEND.open(claiming("b 1.0.0", "collective", "claims/b.proto"));
        Lab.BACKEND.open(claiming("c 1.0.0", "file system", "claims/a.proto"));
        assertEquals(
                "it registers the collective claims/b.proto for the whole process, and B_1_0_0, which is loaded already,"
                        + " does so too; only one such library can be used until the server is restarted",
                refused(claiming("b 2.0.0", "collective", "claims/b.proto")));
    }

    @Test
    void aLibraryThatCannotBeLoadedTwiceIsNot() throws Exception {
        Lab.BACKEND.open(claiming("once 1.0.0", "library", "libonce"));
        assertTrue(refused(claiming("once 2.0.0", "library", "libonce")).startsWith("only one version of it"));
    }

    @Test
    void whatALoadShowsIsHeldToo() throws Exception {
        OpLibraryCopy copy = Lab.library("schemes 1.0.0", "escape.cc", "-DFILE_SYSTEM=\"claimed\"");
        Registration op = new Registration("op", "LabEscape", Reach.SCOPE);
        Lab.BACKEND.open(new OpLibraryCopy(copy.digest(), copy.library(), copy.label(), List.of(), List.of(op)));
        assertTrue(refused(claiming("schemes 2.0.0", "file system", "claimed")).contains("Schemes_1_0_0"));
    }

    @Test
    void loadedLibrariesTellTheMemoryThatTheyTake() throws Exception {
        OpLibraryCopy copy = Lab.library("memory 1.0.0", "scale.c", "-DFACTOR=7");
        assertFalse(Lab.BACKEND.hasLoaded(copy.digest()));
        Lab.BACKEND.open(copy);
        assertTrue(Lab.BACKEND.hasLoaded(copy.digest()));
        LoadedLibrary library = Lab.BACKEND.loadedLibraries().stream()
                .filter(loaded -> loaded.digest().equals(copy.digest()))
                .findFirst()
                .orElseThrow();
        assertTrue(library.bytes() > 0 && library.bytes() <= Files.size(copy.library()) + 4096, library::toString);
    }

    @Test
    void memoryIsReadAsTheSystemWritesIt() {
        Stream<String> lines = Stream.of(
                "7f0000000000-7f0000001000 r-xp 00000000 08:01 12   /tmp/a b.so",
                "Private_Clean:         4 kB",
                "Private_Dirty:         8 kB",
                "7f0000001000-7f0000002000 rw-p 00000000 00:00 0 ",
                "Private_Dirty:         16 kB",
                "7f0000003000-7f0000004000 rw-p 00000000 00:00 0 ",
                "Private_Dirty:         32 kB",
                "7f0000004000-7f0000005000 rw-p 00000000 00:00 0   [heap]",
                "Private_Dirty:         64 kB",
                "7f0000006000-7f0000007000 r--p 00000000 08:01 13   /tmp/c.so (deleted)",
                "Private_Dirty:         128 kB",
                "7f0000007000-7f0000107000 rw-p 00000000 00:00 0 ",
                "Private_Dirty:         256 kB");
        assertEquals(
                Map.of("/tmp/a b.so", 28L << 10, "/tmp/c.so", 132L << 10),
                PrivateMemory.byFile(lines, Map.of("/tmp/a b.so", 1L << 20, "/tmp/c.so", 4L << 10)));
    }
}
