package io.opgraft.tensorrt.internal;

import io.opgraft.backend.LoadedLibrary;
import io.opgraft.backend.OpLibraryCopy;
import io.opgraft.backend.OpLoadException;
import io.opgraft.probe.Registration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The plugin libraries that are mapped. They stay so for the life of the process unless retired ones are to be unmapped.
 * Safe for use by many threads; changes are made with {@link TensorRt#LOCK} held.
 */
final class PluginLibraries {
    private final boolean unmapRetired;
    private final Loader loader;
    private final Map<String, PluginLibrary> byDigest = new HashMap<>();
    private final Map<PluginLibrary, Mapped> mapped = new LinkedHashMap<>();
    private volatile List<PluginLibrary> listed = List.of();

    /** How libraries are mapped; tests have their own way. */
    interface Loader {
        /** A handle, never 0. */
        long open(Path file) throws OpLoadException;

        void close(long handle);
    }

    private static final class Mapped {
        final List<Long> handles = new ArrayList<>();
        int users;
    }

    PluginLibraries(boolean unmapRetired, Loader loader) {
        this.unmapRetired = unmapRetired;
        this.loader = loader;
    }

    /** Maps a library with all its symbols bound, which no runtime would do: they bind late and end the process. */
    PluginLibrary open(OpLibraryCopy copy) throws OpLoadException {
        synchronized (TensorRt.LOCK) {
            PluginLibrary library = byDigest.get(copy.digest());
            if (library == null) {
                checkProcessWide(copy);
                library = new PluginLibrary(copy, this);
                mapped.put(library, map(library));
                byDigest.put(copy.digest(), library);
                listed = List.copyOf(mapped.keySet());
            }
            return library;
        }
    }

    private void checkProcessWide(OpLibraryCopy copy) throws OpLoadException {
        for (PluginLibrary other : mapped.keySet()) {
            for (Registration one : copy.registrations()) {
                if (one.reach() == Registration.Reach.PROCESS
                        && other.copy().registrations().contains(one)) {
                    throw new OpLoadException("it can be in one process only once (" + one.kind() + " " + one.name()
                            + "), and " + other.copy().label() + " is; start the server again without that one");
                }
            }
        }
    }

    private Mapped map(PluginLibrary library) throws OpLoadException {
        Mapped made = new Mapped();
        try {
            for (Path file : library.files()) {
                made.handles.add(loader.open(file));
            }
            return made;
        } catch (OpLoadException e) {
            unmap(made);
            throw e;
        }
    }

    void use(PluginLibrary library) {
        synchronized (TensorRt.LOCK) {
            Mapped found = mapped.get(library);
            if (found != null) {
                found.users++;
            }
        }
    }

    void release(PluginLibrary library) {
        synchronized (TensorRt.LOCK) {
            Mapped found = mapped.get(library);
            if (found != null && --found.users == 0 && unmapRetired) {
                mapped.remove(library);
                byDigest.remove(library.copy().digest(), library);
                listed = List.copyOf(mapped.keySet());
                unmap(found);
            }
        }
    }

    private void unmap(Mapped what) {
        Collections.reverse(what.handles);
        what.handles.forEach(loader::close);
    }

    /** Whether a library is mapped. */
    boolean has(String digest) {
        return listed.stream().anyMatch(library -> library.copy().digest().equals(digest));
    }

    /** In the order of loading. */
    List<LoadedLibrary> list() {
        List<PluginLibrary> now = listed;
        if (now.isEmpty()) {
            return List.of();
        }
        Map<String, Long> sizes = MappedMemory.byFile();
        return now.stream().map(library -> measured(library, sizes)).toList();
    }

    private static LoadedLibrary measured(PluginLibrary library, Map<String, Long> sizes) {
        OpLibraryCopy copy = library.copy();
        String folder = copy.files().folder().toAbsolutePath() + "/";
        long bytes = sizes.entrySet().stream()
                .filter(file -> file.getKey().startsWith(folder))
                .mapToLong(Map.Entry::getValue)
                .sum();
        return new LoadedLibrary(copy.digest(), copy.label(), copy.library(), bytes);
    }
}
