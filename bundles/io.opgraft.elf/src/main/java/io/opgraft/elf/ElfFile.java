package io.opgraft.elf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * What a 64-bit little-endian ELF library says about itself, read without loading it.
 *
 * <p>The file is not trusted: every offset and count is checked against its size, and a file that is cut or damaged
 * gives an {@link ElfException}. Objects are immutable, hold no file open and may be used from any thread. They keep the
 * symbol and string tables in memory, so do not keep those of large libraries.
 */
public final class ElfFile {
    private static final int TYPE_SHARED = 3;
    private static final int LIBRARY_LIMIT = 4096;
    private static final int NAME_LIMIT = 16_384;
    private static final long STATIC_TLS = 0x10;
    private static final long POSITION_INDEPENDENT_PROGRAM = 0x08000000;

    private final Header header;
    private final Dynamic dynamic;
    private final StringTable strings;
    private final Versions versions;
    private final Symbols symbols;

    private ElfFile(Source source) throws ElfException, IOException {
        header = Header.read(source);
        dynamic = Dynamic.read(source, header);
        strings = readStrings(source);
        versions = Versions.read(source, header, dynamic, strings);
        symbols = Symbols.read(source, header, dynamic, strings, versions);
        checkNames(source);
    }

    private void checkNames(Source source) throws ElfException {
        for (long tag : new long[] {Dynamic.NEEDED, Dynamic.SONAME, Dynamic.RPATH, Dynamic.RUNPATH}) {
            List<Long> offsets = dynamic.values(tag);
            if (offsets.size() > LIBRARY_LIMIT) {
                throw source.error("is damaged: it names more than " + LIBRARY_LIMIT + " libraries");
            }
            for (long offset : offsets) {
                strings.check(offset, NAME_LIMIT, "a library or folder");
            }
        }
    }

    /**
     * Reads a file.
     *
     * @param file an ordinary file
     * @return what it says
     * @throws ElfException if it is no such library, is cut or is damaged; the message begins with the file's name
     * @throws IOException if it cannot be read
     */
    public static ElfFile read(Path file) throws ElfException, IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new ElfFile(Source.of(String.valueOf(file.getFileName()), channel));
        }
    }

    /**
     * Reads a file that is in memory.
     *
     * @param name how messages call it
     * @param content its bytes, not changed
     * @return what it says
     * @throws ElfException if it is no such library, is cut or is damaged
     */
    public static ElfFile parse(String name, byte[] content) throws ElfException {
        try {
            return new ElfFile(Source.of(name, content));
        } catch (IOException e) {
            throw new ElfException(name + " cannot be read: " + e.getMessage());
        }
    }

    /**
     * Whether a file begins like an ELF file; says nothing about the rest.
     *
     * @param file an ordinary file
     * @return false for data, text and empty files
     * @throws IOException if it cannot be read
     */
    public static boolean isElf(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(4), new byte[] {0x7f, 'E', 'L', 'F'});
        }
    }

    private StringTable readStrings(Source source) throws ElfException, IOException {
        if (!dynamic.has(Dynamic.STRTAB)) {
            return StringTable.empty(source);
        }
        long size = dynamic.value(Dynamic.STRSZ);
        if (size <= 0) {
            throw source.error("is damaged: its string table has no size");
        }
        return StringTable.read(
                source, header.offset(source, dynamic.value(Dynamic.STRTAB), size, "its string table"), size);
    }

    /**
     * Processor that it is made for.
     *
     * @return the code; {@link ElfMachine#name} has its name
     */
    public int machine() {
        return header.machine();
    }

    /**
     * Processor that it is made for, as messages write it.
     *
     * @return such as {@code x86_64}
     */
    public String machineName() {
        return ElfMachine.name(header.machine());
    }

    /**
     * Whether it can be loaded into a process: a shared object with a dynamic section that is not a program.
     *
     * @return false for programs, object files and debug files
     */
    public boolean isSharedLibrary() {
        return header.type() == TYPE_SHARED
                && dynamic.has(Dynamic.SYMTAB)
                && (dynamic.flags(Dynamic.FLAGS_1) & POSITION_INDEPENDENT_PROGRAM) == 0;
    }

    /**
     * The parts that are mapped.
     *
     * @return in the order of the file; all of them lie inside the file
     */
    public List<ElfSegment> segments() {
        return header.segments();
    }

    /**
     * The name that the library gives itself (DT_SONAME).
     *
     * @return empty if it has none
     */
    public String soname() {
        return dynamic.has(Dynamic.SONAME) ? strings.get((int) dynamic.value(Dynamic.SONAME)) : "";
    }

    /**
     * Libraries that it needs (DT_NEEDED).
     *
     * @return in the order of the file
     */
    public List<String> needed() {
        return texts(Dynamic.NEEDED);
    }

    /**
     * Folders where the loader looks for what this library needs (DT_RUNPATH).
     *
     * @return such as {@code $ORIGIN/../lib}; empty if it has none
     */
    public List<String> runpath() {
        return folders(Dynamic.RUNPATH);
    }

    /**
     * The older form of {@link #runpath}, which also holds for the libraries that this one needs (DT_RPATH).
     *
     * @return empty if it has none
     */
    public List<String> rpath() {
        return folders(Dynamic.RPATH);
    }

    /**
     * Whether it takes static thread-local storage, of which a process has little for libraries loaded later.
     *
     * @return the flag DF_STATIC_TLS
     */
    public boolean usesStaticTls() {
        return (dynamic.flags(Dynamic.FLAGS) & STATIC_TLS) != 0;
    }

    /**
     * Whether loading it makes all stacks of the process executable.
     *
     * @return true if it asks for it or does not say
     */
    public boolean needsExecutableStack() {
        return header.executableStack();
    }

    /**
     * The compilers that made its parts.
     *
     * @return such as {@code GCC: (Debian 12.2.0-14) 12.2.0}; empty if the file does not say
     */
    public List<String> compilers() {
        return header.sections().compilers();
    }

    /**
     * Symbol versions that it expects of other libraries.
     *
     * @return such as {@code GLIBC_2.34}, in no order
     */
    public Set<String> neededVersions() {
        return versions.neededNames();
    }

    /**
     * The dynamic symbols, without the reserved first entry.
     *
     * @return made on access and not to be changed
     */
    public List<ElfSymbol> symbols() {
        return symbols;
    }

    /**
     * Symbols that another library has to define, without weak ones.
     *
     * @return in the order of the file
     */
    public List<ElfSymbol> undefinedSymbols() {
        return where(i -> !symbols.defined(i)
                && (symbols.binding(i) == ElfBinding.GLOBAL || symbols.binding(i) == ElfBinding.GNU_UNIQUE));
    }

    /**
     * Symbols that other libraries may use, weak ones too.
     *
     * @return in the order of the file
     */
    public List<ElfSymbol> definedSymbols() {
        return where(i -> symbols.defined(i) && symbols.binding(i) != ElfBinding.LOCAL);
    }

    /**
     * Symbols that are one for the whole process, whatever scope the library is loaded into.
     *
     * @return in the order of the file
     */
    public List<ElfSymbol> uniqueSymbols() {
        return where(i -> symbols.binding(i) == ElfBinding.GNU_UNIQUE);
    }

    /**
     * Which of some names it defines; keeps memory small for libraries with very many symbols.
     *
     * @param names mangled names
     * @return a new set
     */
    public Set<String> definedAmong(Set<String> names) {
        Set<String> found = new HashSet<>();
        for (int i = 0; i < symbols.size(); i++) {
            if (symbols.defined(i) && symbols.binding(i) != ElfBinding.LOCAL) {
                String name = strings.get(symbols.nameOffset(i));
                if (names.contains(name)) {
                    found.add(name);
                }
            }
        }
        return found;
    }

    private List<ElfSymbol> where(IntPredicate wanted) {
        List<ElfSymbol> found = new ArrayList<>();
        for (int i = 0; i < symbols.size(); i++) {
            if (wanted.test(i)) {
                found.add(symbols.get(i));
            }
        }
        return List.copyOf(found);
    }

    private List<String> texts(long tag) {
        return dynamic.values(tag).stream()
                .map(offset -> strings.get(offset.intValue()))
                .toList();
    }

    private List<String> folders(long tag) {
        return texts(tag).stream()
                .flatMap(text -> List.of(text.split(":", -1)).stream())
                .filter(folder -> !folder.isEmpty())
                .toList();
    }

    Dynamic dynamic() {
        return dynamic;
    }

    StringTable strings() {
        return strings;
    }

    Versions versions() {
        return versions;
    }

    Symbols symbolTable() {
        return symbols;
    }
}
