package io.opgraft.elf;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever the bytes are, reading ends with a description or an {@link ElfException}, and in bounded time. More rounds with
 * {@code -Dopgraft.fuzz.seconds=N}, N times as many, and others with {@code -Dopgraft.fuzz.seed=N}.
 */
class HostileFileTest {
    private static final int TIMES = Integer.getInteger("opgraft.fuzz.seconds", 1);
    private static final long SEED = Long.getLong("opgraft.fuzz.seed", 20261123);

    private static final long[] EXTREMES = {
        0, 1, 0x7f, 0xff, 0xffff, 0x7fffffffL, 0x80000000L, 0xffffffffL, Long.MAX_VALUE, Long.MIN_VALUE, -1
    };

    @TempDir
    static Path dir;

    private static byte[] whole;

    @BeforeAll
    static void build() throws Exception {
        // Small pages, so that most of the file is tables and not padding.
        Path built = NativeBuild.library(
                dir.resolve("libsmall.so"),
                "main.c",
                "-Wl,-z,max-page-size=512",
                "-Wl,-z,noseparate-code",
                "-Wl,--hash-style=both",
                "-Wl,-soname,libsmall.so",
                "-s");
        whole = Files.readAllBytes(built);
    }

    @Test
    void everyCutIsNoticed() {
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(ElfException.class, () -> ElfFile.parse("cut", cut));
        }
    }

    @Test
    void randomBytesNeverBreakTheReader() {
        Random random = new Random(SEED);
        int readable = 0;
        int rounds = 60_000 * TIMES;
        for (int i = 0; i < rounds; i++) {
            byte[] content = whole.clone();
            for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
                content[random.nextInt(content.length)] = (byte) random.nextInt();
            }
            readable += read(content) ? 1 : 0;
        }
        assertTrue(readable > 0 && readable < rounds, "the rounds must reach both ends: " + readable);
    }

    @Test
    void extremeNumbersNeverBreakTheReader() {
        for (int at = 0; at + 8 <= whole.length; at += 2) {
            for (long extreme : EXTREMES) {
                for (int width = 2; width <= 8; width *= 2) {
                    byte[] content = whole.clone();
                    for (int i = 0; i < width; i++) {
                        content[at + i] = (byte) (extreme >> (8 * i));
                    }
                    read(content);
                }
            }
        }
    }

    @Test
    void randomBytesNeverBreakTheRepair() throws Exception {
        Path folder = Files.createDirectory(dir.resolve("set"));
        Path helper = NativeBuild.library(
                dir.resolve("libhelper.so"), "helper.c", "-DVALUE=1", "-Wl,-soname,libhelper.so", "-s");
        Path user = NativeBuild.library(
                dir.resolve("libuser.so"), "main.c", helper.toString(), "-Wl,-z,noseparate-code", "-s");
        byte[] helperBytes = Files.readAllBytes(helper);
        byte[] userBytes = Files.readAllBytes(user);
        // All tables that a repair follows lie before the code.
        int tables = 0x700;
        Random random = new Random(SEED);
        int repaired = 0;
        int rounds = 4_000 * TIMES;
        for (int i = 0; i < rounds; i++) {
            byte[] content = userBytes.clone();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                content[random.nextInt(tables)] = (byte) random.nextInt();
            }
            Path main = Files.write(folder.resolve("libuser.so"), content);
            Files.write(folder.resolve("libhelper.so"), helperBytes);
            try {
                ElfRepair.weakenUniqueSymbols(main);
                LibrarySet set = LibrarySet.read(folder, name -> name.startsWith("libc"));
                set.unreachable(main);
                set.external(set.closure(main));
                set.groups(set.libraries().keySet());
                repaired += set.makeUnique("seed" + i).size();
            } catch (ElfException e) {
                assertTrue(e.getMessage().startsWith("lib"), e.getMessage());
            }
            clear(folder);
        }
        assertTrue(repaired > 0 && repaired < 2 * rounds, "the rounds must reach both ends: " + repaired);
    }

    private static void clear(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    private static boolean read(byte[] content) {
        try {
            ElfFile file = ElfFile.parse("hostile", content);
            file.symbols().forEach(ElfSymbol::name);
            file.undefinedSymbols();
            file.definedSymbols();
            file.uniqueSymbols();
            file.soname();
            file.needed();
            file.runpath();
            file.rpath();
            file.compilers();
            file.neededVersions();
            return true;
        } catch (ElfException e) {
            assertTrue(e.getMessage().startsWith("hostile "), e.getMessage());
            return false;
        }
    }
}
