package io.opgraft.elf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The dynamic section: what the loader reads to link the library. */
final class Dynamic {
    static final long NEEDED = 1;
    static final long HASH = 4;
    static final long STRTAB = 5;
    static final long SYMTAB = 6;
    static final long STRSZ = 10;
    static final long SYMENT = 11;
    static final long SONAME = 14;
    static final long RPATH = 15;
    static final long RUNPATH = 29;
    static final long FLAGS = 30;
    static final long GNU_HASH = 0x6ffffef5L;
    static final long VERSYM = 0x6ffffff0L;
    static final long FLAGS_1 = 0x6ffffffbL;
    static final long VERDEF = 0x6ffffffcL;
    static final long VERDEFNUM = 0x6ffffffdL;
    static final long VERNEED = 0x6ffffffeL;
    static final long VERNEEDNUM = 0x6fffffffL;
    static final long AUXILIARY = 0x7ffffffdL;
    static final long FILTER = 0x7fffffffL;

    private static final int ENTRY_SIZE = 16;
    private final List<Entry> entries;

    /** One tag with its value. */
    record Entry(long tag, long value) {}

    private Dynamic(List<Entry> entries) {
        this.entries = entries;
    }

    static Dynamic read(Source source, Header header) throws ElfException, IOException {
        List<Entry> entries = new ArrayList<>();
        if (header.dynamicAddress() != -1) {
            String what = "its dynamic section";
            long size = header.dynamicSize();
            if (size < 0) {
                throw source.error("is damaged: " + what + " has an impossible size");
            }
            long offset = header.offset(source, header.dynamicAddress(), size, what);
            ByteBuffer table = source.read(offset, size, what);
            for (int at = 0; at + ENTRY_SIZE <= table.limit() && table.getLong(at) != 0; at += ENTRY_SIZE) {
                entries.add(new Entry(table.getLong(at), table.getLong(at + 8)));
            }
        }
        return new Dynamic(entries);
    }

    /** The value that the loader uses, which is the last one; -1 if there is none. */
    long value(long tag) {
        long found = -1;
        for (Entry entry : entries) {
            if (entry.tag() == tag) {
                found = entry.value();
            }
        }
        return found;
    }

    boolean has(long tag) {
        return entries.stream().anyMatch(entry -> entry.tag() == tag);
    }

    /** All values of a tag, in order. */
    List<Long> values(long tag) {
        return entries.stream()
                .filter(entry -> entry.tag() == tag)
                .map(Entry::value)
                .toList();
    }

    /** A set of flags; 0 if there is none. */
    long flags(long tag) {
        return has(tag) ? value(tag) : 0;
    }
}
