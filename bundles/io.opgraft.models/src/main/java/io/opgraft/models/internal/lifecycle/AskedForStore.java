package io.opgraft.models.internal.lifecycle;

import io.opgraft.models.internal.repository.ModelNames;
import io.opgraft.models.internal.repository.Repository;
import io.opgraft.models.internal.state.StateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers over restarts which models were loaded by request. The file holds one name a line and is replaced as a
 * whole, so that it is never half-written. Used by the deployer only.
 */
final class AskedForStore {
    private static final Logger LOG = LoggerFactory.getLogger(AskedForStore.class);

    private final Path file;
    private final SortedSet<String> names = new TreeSet<>();

    AskedForStore(Path directory) {
        this.file = directory.resolve("loaded-models");
    }

    /** Reads the file; a missing one is an empty one. */
    SortedSet<String> read() {
        names.clear();
        try {
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                    if (ModelNames.isModel(line)) {
                        names.add(line);
                    } else if (!line.isBlank()) {
                        LOG.warn("{} holds a line that is no model name; it is left out", file);
                    }
                }
            }
        } catch (IOException e) {
            LOG.warn(
                    "{} cannot be read, so models loaded by request before are not loaded again: {}",
                    file,
                    Repository.reason(e));
        }
        return new TreeSet<>(names);
    }

    void add(String name) {
        if (names.add(name)) {
            write();
        }
    }

    void remove(String name) {
        if (names.remove(name)) {
            write();
        }
    }

    private void write() {
        try {
            StateFile.replace(file, String.join("\n", names) + "\n");
        } catch (IOException e) {
            LOG.warn("{} cannot be written, so a restart will not bring back the same models: {}", file, e.toString());
        }
    }
}
