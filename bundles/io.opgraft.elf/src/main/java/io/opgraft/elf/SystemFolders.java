package io.opgraft.elf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where the dynamic loader of this machine looks for libraries that no other rule finds: {@code LD_LIBRARY_PATH}, its
 * configuration, the usual folders. Read once in the life of the process, as the loader does it.
 */
public final class SystemFolders {
    private static final List<String> DEFAULTS =
            List.of("/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib");
    private static final Path CONFIGURATION = Path.of("/etc/ld.so.conf.d");
    private static final List<Path> ALL = read();

    private SystemFolders() {}

    /**
     * The folders, whether they exist or not.
     *
     * @return in the order in which they are looked through
     */
    public static List<Path> all() {
        return ALL;
    }

    /**
     * The file that a name stands for.
     *
     * @param name file name, such as {@code libm.so.6}
     * @return the first that there is, or null
     */
    public static Path find(String name) {
        for (Path folder : ALL) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        return null;
    }

    private static List<Path> read() {
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
