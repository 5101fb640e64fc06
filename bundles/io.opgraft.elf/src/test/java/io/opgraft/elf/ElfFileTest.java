package io.opgraft.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElfFileTest {
    @TempDir
    static Path dir;

    private static Path helper;
    private static Path main;

    @BeforeAll
    static void build() throws Exception {
        helper = NativeBuild.library(
                dir.resolve("libs/libhelper.so"), "helper.c", "-DVALUE=7", "-Wl,-soname,libhelper.so");
        main = NativeBuild.library(
                dir.resolve("libmain.so"),
                "main.c",
                helper.toString(),
                "-Wl,-soname,libmain.so.3",
                "-Wl,-rpath,$ORIGIN/libs:/opt/else",
                "-Wl,--enable-new-dtags");
    }

    @Test
    void readsWhatTheLinkerWrote() throws Exception {
        ElfFile file = ElfFile.read(main);
        assertEquals(ElfMachine.code(System.getProperty("os.arch")), file.machine());
        assertTrue(file.isSharedLibrary());
        assertEquals("libmain.so.3", file.soname());
        assertEquals(List.of("libhelper.so", "libc.so.6"), file.needed());
        assertEquals(List.of("$ORIGIN/libs", "/opt/else"), file.runpath());
        assertEquals(List.of(), file.rpath());
        assertFalse(file.needsExecutableStack());
        assertFalse(file.usesStaticTls());
        assertTrue(file.segments().size() >= 2);
    }

    @Test
    void readsSymbolsWithBindingAndVersion() throws Exception {
        ElfFile file = ElfFile.read(main);
        Set<String> undefined = names(file.undefinedSymbols());
        assertTrue(undefined.containsAll(Set.of("helper_value", "getenv")), undefined::toString);
        assertFalse(undefined.contains("perhaps_there"), "a weak symbol may stay undefined");
        assertEquals(Set.of("main_value", "weak_value"), names(file.definedSymbols()));
        assertEquals(Set.of("main_value"), file.definedAmong(Set.of("main_value", "helper_value")));
        ElfSymbol getenv = symbol(file, "getenv");
        assertTrue(getenv.version().startsWith("GLIBC_"), getenv::toString);
        assertEquals("", symbol(file, "helper_value").version());
        assertEquals(ElfBinding.WEAK, symbol(file, "weak_value").binding());
        assertEquals(List.of(), file.uniqueSymbols());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sysv", "gnu", "both"})
    void countsSymbolsWithEveryKindOfHashTable(String style) throws Exception {
        Path built = NativeBuild.library(dir.resolve("hash-" + style + ".so"), "main.c", "-Wl,--hash-style=" + style);
        int sections = ElfFile.read(built).symbols().size();
        byte[] bare = Files.readAllBytes(built);
        Arrays.fill(bare, 40, 48, (byte) 0);
        assertEquals(sections, ElfFile.parse("bare", bare).symbols().size());
        String text = NativeBuild.run(List.of("readelf", "--dyn-syms", built.toString()));
        assertTrue(text.contains("contains " + (sections + 1) + " entries"), text);
    }

    @Test
    void findsUndefinedSymbolsWhereNoneIsDefined() throws Exception {
        Path built = NativeBuild.library(
                dir.resolve("hidden.so"), "main.c", "-fvisibility=hidden", "-Wl,--version-script=" + noExports());
        assertEquals(Set.of("helper_value", "getenv"), names(ElfFile.read(built).undefinedSymbols()));
        byte[] bare = Files.readAllBytes(built);
        Arrays.fill(bare, 40, 48, (byte) 0);
        assertEquals(
                Set.of("helper_value", "getenv"),
                names(ElfFile.parse("bare", bare).undefinedSymbols()));
    }

    private static Path noExports() throws Exception {
        return Files.writeString(dir.resolve("none.map"), "{ local: *; };");
    }

    @Test
    void findsUniqueSymbols() throws Exception {
        Path built = NativeBuild.library(dir.resolve("libunique.so"), "unique.c", "-DVALUE=5");
        assertEquals(Set.of("unique_datum"), names(ElfFile.read(built).uniqueSymbols()));
    }

    @Test
    void seesFlagsOfTheLoader() throws Exception {
        Path built = NativeBuild.library(
                dir.resolve("flags.so"),
                "helper.c",
                "-DVALUE=1",
                "-Wl,-z,execstack",
                "-Wl,--disable-new-dtags",
                "-Wl,-rpath,/old");
        ElfFile file = ElfFile.read(built);
        assertTrue(file.needsExecutableStack());
        assertEquals(List.of("/old"), file.rpath());
    }

    @Test
    void seesStaticThreadLocalStorage() throws Exception {
        Path built = NativeBuild.library(dir.resolve("tls.so"), "tls.c");
        assertTrue(ElfFile.read(built).usesStaticTls());
    }

    @Test
    void aProgramIsNoLibrary() throws Exception {
        Path program = dir.resolve("program");
        Path source = Files.writeString(dir.resolve("program.c"), "int main(void) { return 0; }");
        NativeBuild.run(List.of("gcc", "-pie", "-o", program.toString(), source.toString()));
        assertFalse(ElfFile.read(program).isSharedLibrary());
    }

    @Test
    void namesCompilersAndNeededVersions() throws Exception {
        ElfFile elf = ElfFile.read(main);
        assertTrue(elf.compilers().stream().anyMatch(text -> text.startsWith("GCC: (")), elf.compilers()::toString);
        assertTrue(
                elf.neededVersions().stream().anyMatch(version -> version.startsWith("GLIBC_2.")),
                elf.neededVersions()::toString);
    }

    @Test
    void aSectionOutsideOfTheFileIsDamage() throws Exception {
        byte[] content = Files.readAllBytes(main);
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        int table = (int) bytes.getLong(40);
        int last = table + (bytes.getChar(60) - 1) * 64;
        bytes.putLong(last + 24, content.length - 4);
        ElfException e = assertThrows(ElfException.class, () -> ElfFile.parse("x", content));
        assertTrue(e.getMessage().startsWith("x is damaged or cut: section "), e.getMessage());
    }

    @Test
    void saysWhatIsCut() throws Exception {
        byte[] whole = Files.readAllBytes(main);
        String segment = message("libmain.so", Arrays.copyOf(whole, 8192));
        assertTrue(segment.matches("libmain.so is cut: segment \\d needs \\d+ bytes, the file has 8192"), segment);
        String sections = message("libmain.so", Arrays.copyOf(whole, whole.length - 1));
        assertEquals(
                "libmain.so is cut: its section table needs " + whole.length + " bytes, the file has "
                        + (whole.length - 1),
                sections);
        assertEquals("x is not an ELF file", message("x", "hello".getBytes(StandardCharsets.UTF_8)));
        assertEquals("x is not an ELF file", message("x", new byte[0]));
        assertEquals("x is cut: the header needs 64 bytes, the file has 40", message("x", Arrays.copyOf(whole, 40)));
    }

    @Test
    void refusesOtherClasses() throws Exception {
        byte[] content = Files.readAllBytes(main);
        content[4] = 1;
        content[18] = 3;
        assertEquals("x is not a 64-bit library (it is for x86 (32 bit))", message("x", content));
        content[4] = 2;
        content[5] = 2;
        assertEquals("x is not a little-endian library", message("x", content));
    }

    private static String message(String name, byte[] content) {
        return assertThrows(ElfException.class, () -> ElfFile.parse(name, content))
                .getMessage();
    }

    private static Set<String> names(List<ElfSymbol> symbols) {
        return symbols.stream()
                .map(ElfSymbol::name)
                .filter(name -> !name.startsWith("_"))
                .collect(Collectors.toSet());
    }

    private static ElfSymbol symbol(ElfFile file, String name) {
        return file.symbols().stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
