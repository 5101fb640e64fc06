package io.opgraft.tools.internal.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.tools.internal.Fixtures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryFamilyTest {
    @TempDir
    Path folder;

    private Path helper(String path, String... options) throws Exception {
        Path file = folder.resolve(path);
        String[] all = java.util.Arrays.copyOf(options, options.length + 1);
        all[options.length] = "-Wl,-soname," + file.getFileName();
        return Fixtures.library(file, "int " + file.getFileName().toString().replaceAll("\\W", "_") + ";", all);
    }

    @Test
    void helpersOfHelpersInOtherFoldersComeAlongAndStrangersDoNot() throws Exception {
        Path deep = helper("pkg.libs/libdeep.so");
        Path near = helper("pkg.libs/libnear.so", deep.toString(), "-Wl,--no-as-needed", "-Wl,-rpath,$ORIGIN");
        helper("pkg/ops/libstranger.so");
        Path main = Fixtures.library(
                folder.resolve("pkg/ops/libmain.so"),
                "",
                "-Wl,--no-as-needed",
                near.toString(),
                "-Wl,-rpath,/nowhere:$ORIGIN/../../pkg.libs",
                "-Wl,-rpath-link," + folder.resolve("pkg.libs"));
        LibraryFamily family = LibraryFamily.of(main);
        assertEquals(folder, family.root());
        assertTrue(
                family.files().containsAll(Set.of(main, near)), family.files().toString());
        assertTrue(family.files().stream().noneMatch(file -> file.endsWith("libstranger.so")));
        Path copy = family.copyTo(Files.createDirectory(folder.resolve("copy")));
        assertEquals(folder.resolve("copy/pkg/ops/libmain.so"), copy);
        assertEquals(-1, Files.mismatch(near, folder.resolve("copy/pkg.libs/libnear.so")));
    }

    @Test
    void aHelperBesideTheLibraryCountsAlsoWithoutARunPath() throws Exception {
        Path helper = helper("libhelper.so");
        Path main = Fixtures.library(folder.resolve("libmain.so"), "", "-Wl,--no-as-needed", helper.toString());
        assertEquals(Set.of(main, helper), LibraryFamily.of(main).files());
    }

    @Test
    void theFrameworkIsNoHelper() throws Exception {
        Path framework = helper("libtensorflow_framework.so.2");
        Path main = Fixtures.library(
                folder.resolve("libmain.so"), "", "-Wl,--no-as-needed", framework.toString(), "-Wl,-rpath,$ORIGIN");
        assertEquals(Set.of(main), LibraryFamily.of(main).files());
    }

    @Test
    void systemLibrariesAreNoHelpersOfEachOther() throws Exception {
        Path system = Path.of("/lib/x86_64-linux-gnu/libm.so.6");
        assertEquals(1, LibraryFamily.of(system).files().size());
    }

    @Test
    void whatIsNoLibraryHasNoHelpers() throws Exception {
        Path text = Files.writeString(folder.resolve("libtext.so"), "text");
        assertEquals(new LibraryFamily(folder, text, Set.of(text)), LibraryFamily.of(text));
    }
}
