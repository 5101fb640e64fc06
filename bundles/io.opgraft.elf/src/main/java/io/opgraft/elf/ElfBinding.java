package io.opgraft.elf;

/** How the dynamic loader binds a symbol. */
public enum ElfBinding {
    /** Seen only inside its library. */
    LOCAL,
    /** The normal case; an undefined one must be found or the library does not load. */
    GLOBAL,
    /** Like global, but may stay undefined. */
    WEAK,
    /** One definition for the whole process, whatever scope its library was loaded into. */
    GNU_UNIQUE,
    /** A binding that no loader on Linux gives a meaning to. */
    OTHER;

    static final int GNU_UNIQUE_CODE = 10;
    static final int WEAK_CODE = 2;

    static ElfBinding of(int code) {
        return switch (code) {
            case 0 -> LOCAL;
            case 1 -> GLOBAL;
            case WEAK_CODE -> WEAK;
            case GNU_UNIQUE_CODE -> GNU_UNIQUE;
            default -> OTHER;
        };
    }
}
