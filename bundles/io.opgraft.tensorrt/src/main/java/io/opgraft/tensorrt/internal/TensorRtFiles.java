package io.opgraft.tensorrt.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where TensorRT's libraries are, by the rules of the README. Loads nothing.
 *
 * @param nvinfer the file, or its plain name if only the dynamic loader may find it
 * @param cudart the CUDA runtime beside it, or null if there is none
 */
record TensorRtFiles(Path nvinfer, Path cudart) {
    static final String NVINFER = "libnvinfer.so.10";
    static final String CUDART = "libcudart.so.12";

    private static final List<String> FOLDERS = List.of("lib", "lib64", "targets/x86_64-linux-gnu/lib", "");

    /**
     * Looks for them.
     *
     * @throws IOException if a folder was named that does not hold them
     */
    static TensorRtFiles find(Settings settings) throws IOException {
        if (settings.home() != null) {
            Path found = in(settings.home());
            if (found == null) {
                throw new IOException("TensorRT is not found: " + inHome(settings.home()));
            }
            return of(found);
        }
        Path own = settings.distribution() == null
                ? null
                : in(settings.distribution().resolve("tensorrt"));
        return own == null ? new TensorRtFiles(Path.of(NVINFER), null) : of(own);
    }

    /** Whether only the dynamic loader may find it. */
    boolean byName() {
        return nvinfer.getParent() == null;
    }

    private static TensorRtFiles of(Path nvinfer) {
        Path cudart = nvinfer.resolveSibling(CUDART);
        return new TensorRtFiles(nvinfer, Files.isRegularFile(cudart) ? cudart : null);
    }

    private static Path in(Path home) {
        for (String folder : FOLDERS) {
            Path file = home.resolve(folder).resolve(NVINFER).toAbsolutePath().normalize();
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        return null;
    }

    /** Says why a folder is not the one, with the versions that are there. */
    private static String inHome(Path home) {
        if (!Files.isDirectory(home)) {
            return home + " is no folder; name the folder of an installed TensorRT 10 with --tensorrt-home";
        }
        Set<String> others = new LinkedHashSet<>();
        for (String folder : FOLDERS) {
            try (Stream<Path> files = Files.list(home.resolve(folder))) {
                files.map(file -> String.valueOf(file.getFileName()))
                        .filter(name -> name.startsWith("libnvinfer.so"))
                        .sorted()
                        .forEach(others::add);
            } catch (IOException e) {
                // No folder, so nothing in it.
            }
        }
        return "no " + NVINFER + " in " + home + " or its "
                + FOLDERS.stream().filter(name -> !name.isEmpty()).collect(Collectors.joining(", "))
                + (others.isEmpty() ? "" : ", only " + String.join(", ", others))
                + "; name the folder of an installed TensorRT 10 with --tensorrt-home";
    }
}
