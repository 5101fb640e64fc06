package io.opgraft.elf;

/** Processor names of ELF files. */
public final class ElfMachine {
    /** Code of x86-64. */
    public static final int X86_64 = 62;

    /** Code of 64-bit Arm. */
    public static final int AARCH64 = 183;

    private ElfMachine() {}

    /**
     * The name that messages use.
     *
     * @param code the file's {@code e_machine}
     * @return such as {@code x86_64}; {@code machine 1234} if it has no name here
     */
    public static String name(int code) {
        return switch (code) {
            case 3 -> "x86 (32 bit)";
            case 8 -> "mips";
            case 20 -> "ppc";
            case 21 -> "ppc64";
            case 22 -> "s390x";
            case 40 -> "arm (32 bit)";
            case 43 -> "sparc64";
            case X86_64 -> "x86_64";
            case AARCH64 -> "aarch64";
            case 190 -> "cuda";
            case 243 -> "riscv64";
            case 258 -> "loongarch64";
            default -> "machine " + code;
        };
    }

    /**
     * The code of a processor, by the names that Java and the platform folders of op bundles use.
     *
     * @param arch such as {@code x86_64}, {@code amd64}, {@code aarch64}
     * @return the code; -1 if the name is unknown
     */
    public static int code(String arch) {
        return switch (arch) {
            case "x86_64", "amd64" -> X86_64;
            case "aarch64", "arm64" -> AARCH64;
            default -> -1;
        };
    }
}
