package io.opgraft.elf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Symbol versions: their names by number, and where the file states them. */
final class Versions {
    /** Versions have 15-bit numbers. */
    private static final int LIMIT = 1 << 15;

    private static final int NAME_LIMIT = 1024;
    private static final int BASE = 1;

    private final Source source;
    private final Header header;
    private final StringTable strings;
    private final Map<Integer, String> names = new HashMap<>();
    private final List<Integer> fileNames = new ArrayList<>();
    private final List<Integer> otherNames = new ArrayList<>();
    private final Set<String> neededNames = new TreeSet<>();
    private int seen;

    private Versions(Source source, Header header, StringTable strings) {
        this.source = source;
        this.header = header;
        this.strings = strings;
    }

    static Versions read(Source source, Header header, Dynamic dynamic, StringTable strings)
            throws ElfException, IOException {
        Versions versions = new Versions(source, header, strings);
        versions.needed(dynamic.value(Dynamic.VERNEED), dynamic.flags(Dynamic.VERNEEDNUM));
        versions.defined(dynamic.value(Dynamic.VERDEF), dynamic.flags(Dynamic.VERDEFNUM));
        return versions;
    }

    /** Name of a version number; empty if there is none. */
    String name(int number) {
        return names.getOrDefault(number, "");
    }

    /** String offsets of library names: of needed files, and of the library itself. */
    List<Integer> fileNames() {
        return fileNames;
    }

    /** String offsets of version names. */
    List<Integer> otherNames() {
        return otherNames;
    }

    /** Names of the versions that are expected of other libraries. */
    Set<String> neededNames() {
        return Set.copyOf(neededNames);
    }

    private void needed(long address, long count) throws ElfException, IOException {
        long at = address;
        for (long i = 0; address != -1 && i < count; i++) {
            ByteBuffer entry = entry(at, 16);
            fileNames.add(strings.check(Integer.toUnsignedLong(entry.getInt(4)), NAME_LIMIT, "a needed library"));
            long aux = at + Integer.toUnsignedLong(entry.getInt(8));
            for (int j = entry.getChar(2); j > 0; j--) {
                ByteBuffer version = entry(aux, 16);
                int name = strings.check(Integer.toUnsignedLong(version.getInt(8)), NAME_LIMIT, "a symbol version");
                otherNames.add(name);
                names.put(version.getChar(6) & 0x7fff, strings.get(name));
                neededNames.add(strings.get(name));
                aux += Integer.toUnsignedLong(version.getInt(12));
            }
            at += Integer.toUnsignedLong(entry.getInt(12));
        }
    }

    private void defined(long address, long count) throws ElfException, IOException {
        long at = address;
        for (long i = 0; address != -1 && i < count; i++) {
            ByteBuffer entry = entry(at, 20);
            boolean base = (entry.getChar(2) & BASE) != 0;
            long aux = at + Integer.toUnsignedLong(entry.getInt(12));
            for (int j = 0; j < entry.getChar(6); j++) {
                ByteBuffer version = entry(aux, 8);
                int name = strings.check(Integer.toUnsignedLong(version.getInt(0)), NAME_LIMIT, "a symbol version");
                (base ? fileNames : otherNames).add(name);
                if (j == 0 && !base) {
                    names.put(entry.getChar(4) & 0x7fff, strings.get(name));
                }
                aux += Integer.toUnsignedLong(version.getInt(4));
            }
            at += Integer.toUnsignedLong(entry.getInt(16));
        }
    }

    private ByteBuffer entry(long address, int size) throws ElfException, IOException {
        if (++seen > LIMIT) {
            throw source.error("is damaged: it states more than " + LIMIT + " symbol versions");
        }
        String what = "its symbol version table";
        return source.read(header.offset(source, address, size, what), size, what);
    }
}
