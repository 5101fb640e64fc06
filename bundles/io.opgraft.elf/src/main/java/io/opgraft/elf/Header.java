package io.opgraft.elf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** File header, program headers and the section table, each checked against the size of the file. */
record Header(
        int type,
        int machine,
        List<ElfSegment> segments,
        long dynamicAddress,
        long dynamicSize,
        boolean executableStack,
        Sections sections) {
    private static final int SIZE = 64;
    private static final int PROGRAM_HEADER_SIZE = 56;
    private static final int PT_LOAD = 1;
    private static final int PT_DYNAMIC = 2;
    private static final int PT_GNU_STACK = 0x6474e551;
    private static final int PF_X = 1;

    static Header read(Source source) throws ElfException, IOException {
        if (source.size() < 4 || source.read(0, 4, "its header").getInt() != 0x464c457f) {
            throw source.error("is not an ELF file");
        }
        if (source.size() < SIZE) {
            throw source.error("is cut: the header needs " + SIZE + " bytes, the file has " + source.size());
        }
        ByteBuffer header = source.read(0, SIZE, "its header");
        int type = header.getChar(16);
        int machine = header.getChar(18);
        if (header.get(4) != 2) {
            throw source.error("is not a 64-bit library (it is for " + ElfMachine.name(machine) + ")");
        }
        if (header.get(5) != 1) {
            throw source.error("is not a little-endian library");
        }
        Programs programs = programs(source, header);
        Sections sections = Sections.read(source, header);
        return new Header(
                type,
                machine,
                List.copyOf(programs.segments),
                programs.dynamicAddress,
                programs.dynamicSize,
                programs.executableStack,
                sections);
    }

    /** Collected from the program headers. */
    private static final class Programs {
        final List<ElfSegment> segments = new ArrayList<>();
        long dynamicAddress = -1;
        long dynamicSize;
        // Without a PT_GNU_STACK header the loader makes the stack executable.
        boolean executableStack = true;
    }

    private static Programs programs(Source source, ByteBuffer header) throws ElfException, IOException {
        long start = header.getLong(32);
        int count = header.getChar(56);
        if (count > 0 && header.getChar(54) != PROGRAM_HEADER_SIZE) {
            throw source.error("is damaged: its program headers have " + (int) header.getChar(54)
                    + " bytes each, expected " + PROGRAM_HEADER_SIZE);
        }
        ByteBuffer table = source.read(start, (long) count * PROGRAM_HEADER_SIZE, "its program header table");
        Programs found = new Programs();
        for (int i = 0; i < count; i++) {
            int at = i * PROGRAM_HEADER_SIZE;
            int kind = table.getInt(at);
            if (kind == PT_LOAD) {
                found.segments.add(segment(source, table, i));
            } else if (kind == PT_DYNAMIC) {
                found.dynamicAddress = table.getLong(at + 16);
                found.dynamicSize = table.getLong(at + 32);
            } else if (kind == PT_GNU_STACK) {
                found.executableStack = (table.getInt(at + 4) & PF_X) != 0;
            }
        }
        return found;
    }

    private static ElfSegment segment(Source source, ByteBuffer table, int index) throws ElfException {
        int at = index * PROGRAM_HEADER_SIZE;
        long offset = table.getLong(at + 8);
        long address = table.getLong(at + 16);
        long fileSize = table.getLong(at + 32);
        long memorySize = table.getLong(at + 40);
        if (offset < 0 || address < 0 || fileSize < 0 || memorySize < fileSize || offset + fileSize < 0) {
            throw source.error("is damaged: segment " + index + " has impossible sizes");
        }
        if (offset + fileSize > source.size()) {
            throw source.error("is cut: segment " + index + " needs " + (offset + fileSize) + " bytes, the file has "
                    + source.size());
        }
        return new ElfSegment(index, offset, fileSize, address, memorySize);
    }

    /** The place in the file of a range of addresses. */
    long offset(Source source, long address, long length, String what) throws ElfException {
        for (ElfSegment segment : segments) {
            if (segment.holds(address, length)) {
                return segment.offset() + (address - segment.address());
            }
        }
        throw source.error("is damaged: " + what + " lies outside of its segments");
    }
}
