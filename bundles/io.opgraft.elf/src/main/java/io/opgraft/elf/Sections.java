package io.opgraft.elf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The section table. The loader does not read it, but a file whose sections do not lie inside it is not whole.
 *
 * @param dynsymAddress address of the dynamic symbol section; -1 if there is none
 * @param dynsymSize its bytes
 * @param compilers what compilers left in the comment section, without repetitions
 */
record Sections(long dynsymAddress, long dynsymSize, List<String> compilers) {
    private static final int HEADER_SIZE = 64;
    private static final int SHT_NULL = 0;
    private static final int SHT_STRTAB = 3;
    private static final int SHT_NOBITS = 8;
    private static final int SHT_DYNSYM = 11;
    private static final String COMMENT = ".comment";
    /** Compilers write about forty bytes each; what is behind that is not read. */
    private static final int COMMENT_LIMIT = 16_384;

    private static final int COMPILER_LIMIT = 8;

    static Sections read(Source source, ByteBuffer header) throws ElfException, IOException {
        long start = header.getLong(40);
        if (start == 0) {
            return new Sections(-1, 0, List.of());
        }
        if (header.getChar(58) != HEADER_SIZE) {
            throw source.error("is damaged: its section headers have " + (int) header.getChar(58)
                    + " bytes each, expected " + HEADER_SIZE);
        }
        long count = header.getChar(60);
        if (count == 0) {
            // More than 65,279 sections: the count is in the first entry.
            checkTable(source, start, 1);
            count = source.read(start, HEADER_SIZE, "its section table").getLong(32);
        }
        checkTable(source, start, count);
        ByteBuffer table = source.read(start, count * HEADER_SIZE, "its section table");
        long address = -1;
        long size = 0;
        for (int at = 0; at < table.limit(); at += HEADER_SIZE) {
            checkContent(source, table, at);
            if (table.getInt(at + 4) == SHT_DYNSYM) {
                address = table.getLong(at + 16);
                size = table.getLong(at + 32);
            }
        }
        return new Sections(address, size, compilers(source, table, header.getChar(62)));
    }

    private static void checkTable(Source source, long start, long count) throws ElfException {
        if (start < 0 || count < 0 || count > Integer.MAX_VALUE || start > Long.MAX_VALUE / 2) {
            throw source.error("is damaged: its section table has an impossible place or size");
        }
        long end = start + count * HEADER_SIZE;
        if (end > source.size()) {
            throw source.error("is cut: its section table needs " + end + " bytes, the file has " + source.size());
        }
    }

    private static void checkContent(Source source, ByteBuffer table, int at) throws ElfException {
        int kind = table.getInt(at + 4);
        if (kind == SHT_NULL || kind == SHT_NOBITS) {
            return;
        }
        long offset = table.getLong(at + 24);
        long size = table.getLong(at + 32);
        if (offset < 0 || size < 0 || offset > source.size() || size > source.size() - offset) {
            throw source.error("is damaged or cut: section " + at / HEADER_SIZE + " lies outside of its "
                    + source.size() + " bytes");
        }
    }

    /** The texts of the comment section. Nothing depends on them, so what cannot be read is passed over. */
    private static List<String> compilers(Source source, ByteBuffer table, int namesIndex)
            throws ElfException, IOException {
        int names = namesIndex * HEADER_SIZE;
        if (names >= table.limit() || table.getInt(names + 4) != SHT_STRTAB) {
            return List.of();
        }
        long namesOffset = table.getLong(names + 24);
        long namesSize = table.getLong(names + 32);
        for (int at = 0; at < table.limit(); at += HEADER_SIZE) {
            int kind = table.getInt(at + 4);
            long name = Integer.toUnsignedLong(table.getInt(at));
            if (kind != SHT_NULL && kind != SHT_NOBITS && name + COMMENT.length() < namesSize) {
                byte[] bytes = bytes(source, namesOffset + name, COMMENT.length() + 1);
                if ((COMMENT + '\0').equals(new String(bytes, StandardCharsets.ISO_8859_1))) {
                    int length = (int) Math.min(table.getLong(at + 32), COMMENT_LIMIT);
                    return texts(bytes(source, table.getLong(at + 24), length));
                }
            }
        }
        return List.of();
    }

    private static byte[] bytes(Source source, long offset, int length) throws ElfException, IOException {
        byte[] bytes = new byte[length];
        source.read(offset, length, "its comment section").get(bytes);
        return bytes;
    }

    private static List<String> texts(byte[] comment) {
        List<String> found = new ArrayList<>();
        for (String part : new String(comment, StandardCharsets.UTF_8).split("\0", -1)) {
            String text = part.replaceAll("\\p{Cntrl}", " ").strip();
            if (!text.isEmpty() && !found.contains(text) && found.size() < COMPILER_LIMIT) {
                found.add(text);
            }
        }
        return List.copyOf(found);
    }
}
