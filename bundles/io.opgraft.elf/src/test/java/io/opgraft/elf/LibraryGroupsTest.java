package io.opgraft.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Libraries that are loaded by their paths, and what they share. */
class LibraryGroupsTest {
    @TempDir
    Path dir;

    /** base is needed by a and b; c needs helper; d needs nothing. */
    @BeforeEach
    void build() throws Exception {
        Path base = library("libbase.so");
        library("liba.so", base);
        library("libb.so", base);
        library("libc1.so", library("libhelper.so"));
        library("libd.so");
    }

    private Path library(String name, Path... needed) throws Exception {
        List<String> options = new ArrayList<>(
                List.of("-DVALUE=1", "-Wl,-soname," + name, "-Wl,--no-as-needed", "-Wl,-rpath,$ORIGIN"));
        for (Path each : needed) {
            options.add(each.toString());
        }
        return NativeBuild.library(dir.resolve(name), "helper.c", options.toArray(new String[0]));
    }

    private LibrarySet read() throws Exception {
        return LibrarySet.read(dir, name -> name.startsWith("libc."));
    }

    private List<Path> paths(String... names) {
        return List.of(names).stream().map(dir::resolve).toList();
    }

    @Test
    void whatNeedsEachOtherIsOneGroupInTheOrderOfLoading() throws Exception {
        List<List<Path>> groups = read().groups(paths("libd.so", "libb.so", "libc1.so", "libbase.so", "liba.so"));
        assertEquals(
                Set.of(paths("libbase.so", "liba.so", "libb.so"), paths("libc1.so"), paths("libd.so")),
                Set.copyOf(groups));
    }

    @Test
    void aSharedHelperMakesAGroupToo() throws Exception {
        assertEquals(List.of(paths("liba.so", "libb.so")), read().groups(paths("libb.so", "liba.so")));
        assertEquals(2, read().groups(paths("liba.so", "libc1.so")).size());
    }

    @Test
    void aCommonLibraryMakesNoGroup() throws Exception {
        LibrarySet set = LibrarySet.read(dir, name -> name.startsWith("libbase"));
        assertEquals(2, set.groups(paths("liba.so", "libb.so")).size());
    }

    @Test
    void closureAndExternalNames() throws Exception {
        LibrarySet set = read();
        assertEquals(List.copyOf(set.closure(dir.resolve("liba.so"))), paths("liba.so", "libbase.so"));
        assertEquals(Set.of("libc.so.6"), set.external(set.closure(dir.resolve("liba.so"))));
    }

    @Test
    void aDamagedFileIsNamedAndTheOthersAreRead() throws Exception {
        byte[] bytes = Files.readAllBytes(dir.resolve("libd.so"));
        Files.write(dir.resolve("libd.so"), Arrays.copyOf(bytes, bytes.length / 2));
        Map<Path, ElfException> damaged = new TreeMap<>();
        LibrarySet set = LibrarySet.read(dir, name -> false, damaged);
        assertEquals(Set.of(dir.resolve("libd.so")), damaged.keySet());
        assertEquals(5, set.libraries().size());
        assertThrows(ElfException.class, this::read);
    }
}
