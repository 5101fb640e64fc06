package io.opgraft.ops;

import java.util.List;

/**
 * How an op library was built, as far as its file says.
 *
 * @param bytes size of the library and its helpers
 * @param machine processor, such as {@code x86_64}
 * @param compiler such as {@code GCC 12.2.0}; empty if the file does not say
 * @param runtime the newest symbol versions of the C and C++ runtime that it asks for, such as {@code GLIBC_2.34,
 *     GLIBCXX_3.4.30}; empty if none
 * @param needed libraries that it needs from outside of its bundle
 */
public record LibraryFacts(long bytes, String machine, String compiler, String runtime, List<String> needed) {
    /** Nothing is known. */
    public static final LibraryFacts NONE = new LibraryFacts(0, "", "", "", List.of());

    /** Takes a copy. */
    public LibraryFacts {
        needed = List.copyOf(needed);
    }
}
