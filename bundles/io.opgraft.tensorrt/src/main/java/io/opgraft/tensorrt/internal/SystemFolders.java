package io.opgraft.tensorrt.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Where the dynamic loader of this machine looks for libraries. */
final class SystemFolders {
    private static final List<String> DEFAULTS =
            List.of("/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib");
    private static final Path CONFIGURATION = Path.of("/etc/ld.so.conf.d");

    private SystemFolders() {}

    /** The file that a name stands for; null if there is none. */
    static Path find(String name) {
        for (Path folder : all()) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        return null;
    }

    static List<Path> all() {
        List<String> texts = new ArrayList<>();
        String own = System.getenv("LD_LIBRARY_PATH");
        if (own != null) {
            texts.addAll(List.of(own.split("[:;]", -1)));
        }
        if (Files.isDirectory(CONFIGURATION)) {
            try (var files = Files.newDirectoryStream(CONFIGURATION, "*.conf")) {
                for (Path file : files) {
                    texts.addAll(Files.readAllLines(file));
                }
            } catch (IOException e) {
                // Not readable for us, so not for the loader's tools; the usual folders remain.
                texts.add("/usr/local/lib");
            }
        }
        texts.addAll(DEFAULTS);
        Set<Path> folders = new LinkedHashSet<>();
        for (String text : texts) {
            try {
                if (text.strip().startsWith("/")) {
                    folders.add(Path.of(text.strip()));
                }
            } catch (InvalidPathException e) {
                // Not a folder of this machine.
            }
        }
        return List.copyOf(folders);
    }
}
