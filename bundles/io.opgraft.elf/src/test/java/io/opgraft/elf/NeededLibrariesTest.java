package io.opgraft.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NeededLibrariesTest {
    @TempDir
    Path folder;

    private Path library(String path, String source, String... options) throws Exception {
        Path output = folder.resolve(path);
        Files.createDirectories(output.getParent());
        Path text = Files.writeString(folder.resolve(output.getFileName() + ".c"), source);
        List<String> command = new ArrayList<>(
                List.of("gcc", "-shared", "-fPIC", "-Wl,--no-as-needed", "-o", output.toString(), text.toString()));
        command.addAll(List.of(options));
        NativeBuild.run(command);
        return output;
    }

    private NeededLibraries read(Path library, String... provided) throws ElfException, IOException {
        return NeededLibraries.of(folder.resolve("bundle"), List.of(library), Set.of(provided));
    }

    @Test
    void helpersAreFoundByFileNameAndBySoname() throws Exception {
        Path deep = library("bundle/deep.so.1.2", "int deep;", "-Wl,-soname,libdeep.so.1");
        Path near = library("bundle/libnear.so", "int near;", "-Wl,-soname,libnear.so", deep.toString());
        Path main = library("bundle/libmain.so", "", near.toString());

        NeededLibraries needed = read(main);

        assertEquals(List.of(main, near, deep), List.copyOf(needed.own().keySet()));
        assertEquals(Map.of(), needed.absent());
        assertTrue(needed.needs("libdeep.so.1"));
        assertTrue(needed.needs("libc.so.6"));
        assertFalse(needed.needs("libdeep.so.2"));
    }

    @Test
    void whatIsNowhereIsNamedWithTheFileThatNeedsIt() throws Exception {
        Path gone = library("elsewhere/libgone.so", "int gone;", "-Wl,-soname,libgone.so");
        Path near = library("bundle/libnear.so", "int near;", "-Wl,-soname,libnear.so", gone.toString());
        Path main = library("bundle/libmain.so", "", near.toString());

        assertEquals(Map.of("libgone.so", "libnear.so"), read(main).absent());
        assertEquals(Map.of(), read(main, "libgone.so").absent());
    }

    @Test
    void theFoldersOfTheLibraryItselfCount() throws Exception {
        Path other = library("elsewhere/libother.so", "int other;", "-Wl,-soname,libother.so");
        Path main = library(
                "bundle/libmain.so", "", other.toString(), "-Wl,--enable-new-dtags", "-Wl,-rpath,$ORIGIN/../elsewhere");

        NeededLibraries needed = read(main);

        assertEquals(Map.of(), needed.absent());
        assertEquals(Set.of("other"), needed.definedBySystem(Set.of("other", "nobody"), Set.of()));
    }

    @Test
    void symbolsOfTheSystemAndOfFurtherLibrariesAreFound() throws Exception {
        Path main = library("bundle/libmain.so", "", "-lm");
        Path further = library("elsewhere/libfurther.so", "int further;");

        assertEquals(
                Set.of("cos", "malloc", "further"),
                read(main).definedBySystem(Set.of("cos", "malloc", "further", "nobody"), List.of(further)));
    }
}
