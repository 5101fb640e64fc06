package io.opgraft.elf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElfRepairTest {
    @TempDir
    Path dir;

    @Test
    void uniqueDataOfTwoVersionsIsSharedUntilItIsRepaired() throws Exception {
        Path one = NativeBuild.library(dir.resolve("one.so"), "unique.c", "-DVALUE=5");
        Path two = NativeBuild.library(dir.resolve("two.so"), "unique.c", "-DVALUE=7");
        assertEquals("5\n5\n", call("unique_value", one, two), "the hazard itself");
        assertEquals(1, ElfRepair.weakenUniqueSymbols(one));
        assertEquals(1, ElfRepair.weakenUniqueSymbols(two));
        assertEquals("5\n7\n", call("unique_value", one, two));
        assertEquals(0, ElfRepair.weakenUniqueSymbols(one), "nothing is left to do");
        assertEquals(List.of(), ElfFile.read(one).uniqueSymbols());
    }

    @Test
    void helpersOfEqualNameAreMixedUpUntilTheyAreRenamed() throws Exception {
        Path one = set("one", 100);
        Path two = set("two", 200);
        assertEquals("103\n103\n", call("main_value", one, two), "the hazard itself");
        makeUnique(one, "seed one");
        makeUnique(two, "seed two");
        assertEquals("103\n203\n", call("main_value", one, two));
    }

    @Test
    void renamesTransitivelyAndKeepsFolders() throws Exception {
        Path folder = dir.resolve("wheel");
        Path base = NativeBuild.library(
                folder.resolve("x.libs/libbase-1a2b.so"), "helper.c", "-DVALUE=40", "-Wl,-soname,libbase-1a2b.so");
        Path middle = NativeBuild.library(
                folder.resolve("x.libs/libmiddle.so.5"),
                "main.c",
                base.toString(),
                "-Dmain_value=twice_value",
                "-Wl,-soname,libmiddle.so.5",
                "-Wl,-rpath,$ORIGIN");
        Path library = NativeBuild.library(
                folder.resolve("x/_ops.so"),
                "main.c",
                middle.toString(),
                "-Dhelper_value=twice_value",
                "-Wl,-rpath,$ORIGIN/../x.libs");
        Files.writeString(folder.resolve("x/notes.txt"), "no library");
        LibrarySet set = LibrarySet.read(folder, ElfRepairTest::system);
        assertEquals("[libbase-1a2b.so, libmiddle.so.5]", set.helperNames().toString());
        assertEquals(List.of(), set.unreachable(library));

        Map<Path, Path> moved = set.makeUnique("abc");
        assertEquals(2, moved.size());
        Path newMiddle = moved.get(middle);
        assertEquals(middle.getParent(), newMiddle.getParent());
        assertEquals(
                "libmiddle.so.5".length(), newMiddle.getFileName().toString().length());
        ElfFile renamed = ElfFile.read(newMiddle);
        assertEquals(newMiddle.getFileName().toString(), renamed.soname());
        assertTrue(renamed.needed().contains(moved.get(base).getFileName().toString()));
        assertFalse(Files.exists(middle));
        assertEquals("46\n", call("main_value", library));
    }

    @Test
    void namesDependOnTheSeedOnly() throws Exception {
        String name = "libgfortran-040039e1.so.5.0.0";
        assertEquals(UniqueNames.of("a", name), UniqueNames.of("a", name));
        assertFalse(UniqueNames.of("a", name).equals(UniqueNames.of("b", name)));
        assertTrue(
                UniqueNames.of("a", name).matches("libgfort[0-9a-z]{12}\\.so\\.5\\.0\\.0"), UniqueNames.of("a", name));
        assertTrue(UniqueNames.of("a", "libh.so").matches("[0-9a-z]{7}"), UniqueNames.of("a", "libh.so"));
        assertThrows(ElfException.class, () -> UniqueNames.of("a", "h.so"));
    }

    @Test
    void refusesANameThatSharesItsBytesWithASymbol() throws Exception {
        Path helper = NativeBuild.library(dir.resolve("libmytwin"), "helper.c", "-DVALUE=1", "-Wl,-soname,libmytwin");
        Path library = NativeBuild.library(dir.resolve("libuser.so"), "twin.c", helper.toString());
        byte[] before = Files.readAllBytes(library);
        ElfException refusal = assertThrows(
                ElfException.class, () -> ElfRepair.renameLibraries(library, Map.of("libmytwin", "libmyXXXX")));
        assertTrue(refusal.getMessage().contains("its string \"twin\" shares bytes"), refusal.getMessage());
        assertArrayEquals(before, Files.readAllBytes(library));
        assertTrue(ElfRepair.renameLibraries(library, Map.of("libmytwin", "liXXXtwin")), "the tail stays as it is");
        assertEquals("liXXXtwin", ElfFile.read(library).needed().get(0));
    }

    @Test
    void aCommonLibraryIsNoHelper() throws Exception {
        Path folder = set("common", 1).getParent();
        assertEquals(
                "[]",
                LibrarySet.read(folder, name -> name.startsWith("libhelper"))
                        .helperNames()
                        .toString());
    }

    @Test
    void namesHelpersThatTheLoaderWouldNotFind() throws Exception {
        Path helper = NativeBuild.library(
                dir.resolve("lost/deep/libhelper.so"), "helper.c", "-DVALUE=1", "-Wl,-soname,libhelper.so");
        Path library = NativeBuild.library(dir.resolve("lost/libmain.so"), "main.c", helper.toString());
        List<String> lost =
                LibrarySet.read(dir.resolve("lost"), ElfRepairTest::system).unreachable(library);
        assertEquals(
                List.of("libmain.so needs libhelper.so, which is in the bundle but not where the loader looks"
                        + " (RUNPATH none); link it with -Wl,-rpath,'$ORIGIN'"),
                lost);
    }

    private Path set(String name, int value) throws Exception {
        Path folder = dir.resolve(name);
        Path helper = NativeBuild.library(
                folder.resolve("libhelper.so"), "helper.c", "-DVALUE=" + value, "-Wl,-soname,libhelper.so");
        return NativeBuild.library(folder.resolve("libmain.so"), "main.c", helper.toString(), "-Wl,-rpath,$ORIGIN");
    }

    private static void makeUnique(Path library, String seed) throws Exception {
        assertEquals(
                1,
                LibrarySet.read(library.getParent(), ElfRepairTest::system)
                        .makeUnique(seed)
                        .size());
    }

    private static boolean system(String name) {
        return name.startsWith("libc.so");
    }

    private String call(String function, Path... libraries) throws Exception {
        Path driver = dir.resolve("driver");
        String source = Path.of("src/test/native/driver.c").toString();
        NativeBuild.run(List.of("gcc", "-o", driver.toString(), source, "-ldl"));
        List<String> command = new ArrayList<>(List.of(driver.toString(), function));
        for (Path library : libraries) {
            command.add(library.toString());
        }
        return NativeBuild.run(command);
    }
}
