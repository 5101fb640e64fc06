package io.opgraft.tools.internal.files;

import io.opgraft.elf.LibraryFamily;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What the framework brings, and op bundles therefore must not. */
public final class FrameworkLibraries {
    private static final Pattern NAMES = Pattern.compile(
            "(libtensorflow(_framework|_cc)?|libnvinfer.*|libnvonnxparser|libcuda|libcudart)\\.so(\\.[0-9.]+)?");

    private FrameworkLibraries() {}

    /**
     * Finds the helpers of a library.
     *
     * @param library the library; a file that cannot be read as one has no helpers
     * @return the library with its helpers, without the framework's own
     * @throws IOException if a file cannot be read
     */
    public static LibraryFamily familyOf(Path library) throws IOException {
        return LibraryFamily.of(library, name -> NAMES.matcher(name).matches());
    }
}
