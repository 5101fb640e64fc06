package io.opgraft.models.internal.fake;

import io.opgraft.ops.OpInspector;
import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpStore;
import io.opgraft.ops.StoredLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Copies that a test puts in, and an inspector that says what a test told it. */
public final class FakeOpStore implements OpStore, OpInspector {
    /** What {@link #prune} was told to keep last; null before. */
    public Set<String> kept;

    /** What {@link #inspectBundle} says, by file. */
    public final Map<Path, List<OpProvider>> bundles = new HashMap<>();

    private final Map<String, StoredLibrary> copies = new HashMap<>();

    /** Keeps the copy of a provider. */
    public void keep(OpProvider p) {
        copies.put(
                p.digest(), new StoredLibrary(p.framework(), p.ops(), p.digest(), p.library(), p.report(), p.files()));
    }

    /** Loses a copy. */
    public void lose(String digest) {
        copies.remove(digest);
    }

    @Override
    public Optional<StoredLibrary> find(String digest) {
        return Optional.ofNullable(copies.get(digest));
    }

    @Override
    public void prune(Set<String> keep) {
        kept = new TreeSet<>(keep);
    }

    @Override
    public List<OpProvider> inspectBundle(Path bundle) throws IOException {
        List<OpProvider> found = bundles.get(bundle);
        if (found == null) {
            throw new IOException("it is no op bundle");
        }
        return found;
    }

    @Override
    public OpProvider inspectLibrary(String framework, Path folder, Path library) {
        throw new UnsupportedOperationException();
    }
}
