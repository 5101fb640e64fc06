package io.opgraft.tensorrt.internal;

/**
 * Looks for the header of a 64-bit ELF library for x86-64 in a stream of bytes. Code for GPUs is ELF too, but for another
 * machine.
 */
final class HostCodeSearch {
    private static final int HEADER = 20;
    private static final int MACHINE = 18;
    private static final byte X86_64 = 62;
    private static final byte[] MAGIC = {0x7f, 'E', 'L', 'F', 2, 1};

    /** The end of what was seen, which may hold the begin of a header. */
    private final byte[] rest = new byte[HEADER - 1];

    private int kept;
    private boolean found;

    void add(byte[] block, int length) {
        byte[] all = new byte[kept + length];
        System.arraycopy(rest, 0, all, 0, kept);
        System.arraycopy(block, 0, all, kept, length);
        for (int i = 0; !found && i + HEADER <= all.length; i++) {
            found = isHeader(all, i);
        }
        kept = Math.min(all.length, rest.length);
        System.arraycopy(all, all.length - kept, rest, 0, kept);
    }

    private static boolean isHeader(byte[] bytes, int at) {
        for (int i = 0; i < MAGIC.length; i++) {
            if (bytes[at + i] != MAGIC[i]) {
                return false;
            }
        }
        return bytes[at + MACHINE] == X86_64 && bytes[at + MACHINE + 1] == 0;
    }

    boolean found() {
        return found;
    }
}
