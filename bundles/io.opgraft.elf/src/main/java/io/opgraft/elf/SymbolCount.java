package io.opgraft.elf;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Finds how many dynamic symbols there are; no field of the file says so directly. */
final class SymbolCount {
    static final int SYMBOL_SIZE = 24;

    private SymbolCount() {}

    /**
     * Asks the hash tables, as the loader does, then the section table, then the usual order of the tables.
     *
     * @return a count whose symbols all lie inside the file
     */
    static long find(Source source, Header header, Dynamic dynamic) throws ElfException, IOException {
        long symbols = dynamic.value(Dynamic.SYMTAB);
        long count = -1;
        if (dynamic.has(Dynamic.HASH)) {
            long offset = header.offset(source, dynamic.value(Dynamic.HASH), 8, "its symbol hash table");
            count = Integer.toUnsignedLong(
                    source.read(offset, 8, "its symbol hash table").getInt(4));
        } else if (dynamic.has(Dynamic.GNU_HASH)) {
            count = gnuHash(source, header, dynamic.value(Dynamic.GNU_HASH));
        }
        // A GNU hash table leaves undefined symbols out: if it is empty, it does not tell how many there are.
        if (count < 0 && header.sections().dynsymAddress() == symbols) {
            count = header.sections().dynsymSize() / SYMBOL_SIZE;
        }
        if (count < 0) {
            // Linkers write the string table right behind the symbols.
            long strings = dynamic.value(Dynamic.STRTAB);
            count = strings > symbols ? (strings - symbols) / SYMBOL_SIZE : 0;
        }
        if (count > source.size() / SYMBOL_SIZE) {
            throw source.error("is damaged: it states " + count + " symbols, more than the file can hold");
        }
        return count;
    }

    /** One more than the highest symbol that the table reaches; -1 if it reaches none. */
    private static long gnuHash(Source source, Header header, long address) throws ElfException, IOException {
        String what = "its GNU symbol hash table";
        ByteBuffer head = source.read(header.offset(source, address, 16, what), 16, what);
        long buckets = Integer.toUnsignedLong(head.getInt(0));
        long firstSymbol = Integer.toUnsignedLong(head.getInt(4));
        long bloomWords = Integer.toUnsignedLong(head.getInt(8));
        long bucketsAt = address + 16 + bloomWords * 8;
        ByteBuffer table = source.read(header.offset(source, bucketsAt, buckets * 4, what), buckets * 4, what);
        long last = 0;
        while (table.hasRemaining()) {
            last = Math.max(last, Integer.toUnsignedLong(table.getInt()));
        }
        if (last == 0) {
            return -1;
        }
        if (last < firstSymbol) {
            throw source.error("is damaged: " + what + " names a symbol below its first one");
        }
        return endOfChain(source, header, bucketsAt + buckets * 4, last, firstSymbol);
    }

    /** The last chain runs to the entry whose lowest bit is set. */
    private static long endOfChain(Source source, Header header, long chains, long start, long firstSymbol)
            throws ElfException, IOException {
        String what = "its GNU symbol hash table";
        int step = 1024;
        long symbol = start;
        while (true) {
            long address = chains + (symbol - firstSymbol) * 4;
            int entries = step;
            // Near the end of a segment fewer entries remain.
            while (entries > 1 && !inside(header, address, entries * 4L)) {
                entries /= 2;
            }
            ByteBuffer part = source.read(header.offset(source, address, entries * 4L, what), entries * 4L, what);
            while (part.hasRemaining()) {
                symbol++;
                if ((part.getInt() & 1) != 0) {
                    return symbol;
                }
            }
        }
    }

    private static boolean inside(Header header, long address, long length) {
        return header.segments().stream().anyMatch(segment -> segment.holds(address, length));
    }
}
