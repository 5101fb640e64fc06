package io.opgraft.elf;

/**
 * A part of the file that the loader maps (PT_LOAD).
 *
 * @param index its place among the program headers, from 0
 * @param offset first byte in the file
 * @param fileSize bytes in the file
 * @param address address of the first byte, relative to where the library is mapped
 * @param memorySize bytes in memory, at least {@code fileSize}
 */
public record ElfSegment(int index, long offset, long fileSize, long address, long memorySize) {
    /**
     * Whether a range of addresses comes from the file.
     *
     * @param start first address
     * @param length count of bytes, not negative
     * @return true if all of it lies in the part that the file holds
     */
    boolean holds(long start, long length) {
        long into = start - address;
        return start >= address && into >= 0 && length <= fileSize && into <= fileSize - length;
    }
}
