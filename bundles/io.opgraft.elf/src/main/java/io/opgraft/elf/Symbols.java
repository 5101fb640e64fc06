package io.opgraft.elf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.AbstractList;
import java.util.RandomAccess;

/** The dynamic symbols as a list that makes its elements on access, since large libraries have very many. */
final class Symbols extends AbstractList<ElfSymbol> implements RandomAccess {
    private static final int SIZE = SymbolCount.SYMBOL_SIZE;
    private final long fileOffset;
    private final ByteBuffer table;
    private final ByteBuffer numbers;
    private final StringTable strings;
    private final Versions versions;
    private final int count;

    private Symbols(long fileOffset, ByteBuffer table, ByteBuffer numbers, StringTable strings, Versions versions) {
        this.fileOffset = fileOffset;
        this.table = table;
        this.numbers = numbers;
        this.strings = strings;
        this.versions = versions;
        // Entry 0 is reserved and means "no symbol".
        this.count = Math.max(0, table.limit() / SIZE - 1);
    }

    static Symbols read(Source source, Header header, Dynamic dynamic, StringTable strings, Versions versions)
            throws ElfException, IOException {
        ByteBuffer table = ByteBuffer.allocate(0);
        ByteBuffer numbers = null;
        long offset = 0;
        if (dynamic.has(Dynamic.SYMTAB)) {
            if (dynamic.has(Dynamic.SYMENT) && dynamic.value(Dynamic.SYMENT) != SIZE) {
                throw source.error("is damaged: its symbols have " + dynamic.value(Dynamic.SYMENT)
                        + " bytes each, expected " + SIZE);
            }
            long count = SymbolCount.find(source, header, dynamic);
            offset = header.offset(source, dynamic.value(Dynamic.SYMTAB), count * SIZE, "its symbol table");
            table = source.read(offset, count * SIZE, "its symbol table");
            if (dynamic.has(Dynamic.VERSYM)) {
                String what = "its symbol version numbers";
                long at = header.offset(source, dynamic.value(Dynamic.VERSYM), count * 2, what);
                numbers = source.read(at, count * 2, what);
            }
        }
        Symbols symbols = new Symbols(offset, table, numbers, strings, versions);
        symbols.checkNames(source);
        return symbols;
    }

    /** Every name lies inside the string table, and reading them all takes time that is linear in its size. */
    private void checkNames(Source source) throws ElfException {
        long limit = 16L * strings.size() + 65_536;
        long total = 0;
        for (int i = 0; i < count; i++) {
            int name = strings.check(Integer.toUnsignedLong(nameField(i)), "symbol " + (i + 1));
            total += strings.end(name) - name;
            if (total > limit) {
                throw source.error("is damaged: its symbol names overlap more than a linker makes them");
            }
        }
    }

    private int nameField(int index) {
        return table.getInt((index + 1) * SIZE);
    }

    private int info(int index) {
        return table.get((index + 1) * SIZE + 4) & 0xff;
    }

    int nameOffset(int index) {
        return nameField(index);
    }

    ElfBinding binding(int index) {
        return ElfBinding.of(info(index) >> 4);
    }

    /** The byte of binding and type, with the binding made weak. */
    int weakInfo(int index) {
        return (ElfBinding.WEAK_CODE << 4) | (info(index) & 0xf);
    }

    boolean defined(int index) {
        return table.getChar((index + 1) * SIZE + 6) != 0;
    }

    /** Place in the file of the byte that holds binding and type. */
    long infoFileOffset(int index) {
        return fileOffset + (index + 1L) * SIZE + 4;
    }

    @Override
    public ElfSymbol get(int index) {
        int number = numbers == null ? 0 : numbers.getChar((index + 1) * 2) & 0x7fff;
        return new ElfSymbol(
                strings.get(nameField(index)), binding(index), defined(index), number < 2 ? "" : versions.name(number));
    }

    @Override
    public int size() {
        return count;
    }
}
