package io.opgraft.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryFamilyTest {
    @TempDir
    Path folder;

    private static LibraryFamily family(Path library) throws IOException {
        return LibraryFamily.of(library, name -> name.startsWith("libtensorflow"));
    }

    private static Path library(Path output, String source, String... options) throws Exception {
        Files.createDirectories(output.getParent());
        Path text = Files.writeString(output.resolveSibling(output.getFileName() + ".c"), source);
        List<String> command =
                new ArrayList<>(List.of("gcc", "-shared", "-fPIC", "-o", output.toString(), text.toString()));
        command.addAll(List.of(options));
        NativeBuild.run(command);
        return output;
    }

    private Path helper(String path, String... options) throws Exception {
        Path file = folder.resolve(path);
        String[] all = java.util.Arrays.copyOf(options, options.length + 1);
        all[options.length] = "-Wl,-soname," + file.getFileName();
        return library(file, "int " + file.getFileName().toString().replaceAll("\\W", "_") + ";", all);
    }

    @Test
    void helpersOfHelpersInOtherFoldersComeAlongAndStrangersDoNot() throws Exception {
        Path deep = helper("pkg.libs/libdeep.so");
        Path near = helper("pkg.libs/libnear.so", deep.toString(), "-Wl,--no-as-needed", "-Wl,-rpath,$ORIGIN");
        helper("pkg/ops/libstranger.so");
        Path main = library(
                folder.resolve("pkg/ops/libmain.so"),
                "",
                "-Wl,--no-as-needed",
                near.toString(),
                "-Wl,-rpath,/nowhere:$ORIGIN/../../pkg.libs",
                "-Wl,-rpath-link," + folder.resolve("pkg.libs"));
        LibraryFamily family = family(main);
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
        Path main = library(folder.resolve("libmain.so"), "", "-Wl,--no-as-needed", helper.toString());
        assertEquals(Set.of(main, helper), family(main).files());
    }

    @Test
    void theFrameworkIsNoHelper() throws Exception {
        Path framework = helper("libtensorflow_framework.so.2");
        Path main = library(
                folder.resolve("libmain.so"), "", "-Wl,--no-as-needed", framework.toString(), "-Wl,-rpath,$ORIGIN");
        assertEquals(Set.of(main), family(main).files());
    }

    @Test
    void systemLibrariesAreNoHelpersOfEachOther() throws Exception {
        Path system = Path.of("/lib/x86_64-linux-gnu/libm.so.6");
        assertEquals(1, family(system).files().size());
    }

    @Test
    void whatIsNoLibraryHasNoHelpers() throws Exception {
        Path text = Files.writeString(folder.resolve("libtext.so"), "text");
        assertEquals(new LibraryFamily(folder, text, Set.of(text)), family(text));
    }
}
