package io.opgraft.elf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Changes a private copy of a library in place so that it shares less with the rest of the process. No byte moves: only
 * single bytes and strings of equal length are overwritten. Never use it on a file that is loaded, or on the original.
 */
public final class ElfRepair {
    private ElfRepair() {}

    /**
     * Makes unique symbols weak, so that each copy of the library has its own.
     *
     * @param file changed in place
     * @return count of symbols changed
     * @throws ElfException if it is no ELF library
     * @throws IOException if it cannot be read or written
     */
    public static int weakenUniqueSymbols(Path file) throws ElfException, IOException {
        Symbols symbols = ElfFile.read(file).symbolTable();
        int changed = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int i = 0; i < symbols.size(); i++) {
                if (symbols.binding(i) == ElfBinding.GNU_UNIQUE) {
                    write(channel, symbols.infoFileOffset(i), new byte[] {(byte) symbols.weakInfo(i)});
                    changed++;
                }
            }
        }
        return changed;
    }

    /**
     * Replaces library names where the file states its own (SONAME) and those that it needs (NEEDED and the symbol
     * versions expected of them). Of a needed path only the last part counts and is replaced.
     *
     * @param file changed in place, or left as it was if this throws {@link ElfException}
     * @param names old name to new name; both have the same count of bytes
     * @return whether anything was replaced
     * @throws ElfException if it is no ELF library, or if one of the names is part of another string of the file, such
     *     as a symbol name, that would be changed with it
     * @throws IOException if it cannot be read or written
     */
    public static boolean renameLibraries(Path file, Map<String, String> names) throws ElfException, IOException {
        ElfFile elf = ElfFile.read(file);
        StringTable strings = elf.strings();
        byte[] before = strings.copy();
        byte[] after = before.clone();
        for (int offset : libraryNames(elf)) {
            String text = strings.get(offset);
            String replacement = replacement(text, names);
            byte[] bytes = replacement.getBytes(StandardCharsets.UTF_8);
            if (!replacement.equals(text)) {
                if (bytes.length != strings.end(offset) - offset) {
                    throw new IllegalArgumentException(text + " and " + replacement + " differ in length");
                }
                System.arraycopy(bytes, 0, after, offset, bytes.length);
            }
        }
        for (int offset : libraryNames(elf)) {
            String text = strings.get(offset);
            require(file, after, offset, text, replacement(text, names));
        }
        for (int offset : otherStrings(elf)) {
            requireUnchanged(file, strings, after, offset);
        }
        return writeChanges(file, strings.fileOffset(), before, after);
    }

    private static String replacement(String text, Map<String, String> names) {
        int slash = text.lastIndexOf('/') + 1;
        String name = text.substring(slash);
        return text.substring(0, slash) + names.getOrDefault(name, name);
    }

    /** Offsets of the strings that are names of libraries. */
    private static List<Integer> libraryNames(ElfFile elf) {
        List<Integer> offsets = new ArrayList<>(elf.versions().fileNames());
        elf.dynamic().values(Dynamic.NEEDED).forEach(offset -> offsets.add(offset.intValue()));
        elf.dynamic().values(Dynamic.SONAME).forEach(offset -> offsets.add(offset.intValue()));
        return offsets;
    }

    /** Offsets of all other strings that the file uses. Linkers let one string be the tail of another. */
    private static List<Integer> otherStrings(ElfFile elf) {
        List<Integer> offsets = new ArrayList<>(elf.versions().otherNames());
        for (long tag : new long[] {Dynamic.RPATH, Dynamic.RUNPATH, Dynamic.FILTER, Dynamic.AUXILIARY}) {
            for (long offset : elf.dynamic().values(tag)) {
                if (offset >= 0 && offset < elf.strings().size()) {
                    offsets.add((int) offset);
                }
            }
        }
        for (int i = 0; i < elf.symbolTable().size(); i++) {
            offsets.add(elf.symbolTable().nameOffset(i));
        }
        return offsets;
    }

    private static void requireUnchanged(Path file, StringTable strings, byte[] after, int offset) throws ElfException {
        int end = strings.end(offset);
        for (int i = offset; i < end; i++) {
            if (after[i] != strings.at(i)) {
                throw shared(file, strings.get(offset));
            }
        }
    }

    private static void require(Path file, byte[] after, int offset, String before, String expected)
            throws ElfException {
        byte[] bytes = expected.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            if (after[offset + i] != bytes[i]) {
                throw shared(file, before);
            }
        }
    }

    private static ElfException shared(Path file, String text) {
        return new ElfException(file.getFileName() + " cannot be given private library names: its string \"" + text
                + "\" shares bytes with the name of a library; link that library statically or rename it");
    }

    private static boolean writeChanges(Path file, long place, byte[] before, byte[] after) throws IOException {
        boolean changed = false;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int i = 0; i < before.length; i++) {
                if (before[i] != after[i]) {
                    write(channel, place + i, new byte[] {after[i]});
                    changed = true;
                }
            }
        }
        return changed;
    }

    private static void write(FileChannel channel, long place, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer, place + buffer.position());
        }
    }
}
