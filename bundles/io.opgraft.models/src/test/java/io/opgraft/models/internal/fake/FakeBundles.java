package io.opgraft.models.internal.fake;

import io.opgraft.models.internal.privateops.PrivateBundles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** A framework that installs private bundles. */
public final class FakeBundles implements PrivateBundles {
    /** Bytes by location. */
    public final Map<String, byte[]> installed = new TreeMap<>();

    /** What was installed and uninstalled, in that order. */
    public final List<String> calls = new ArrayList<>();

    /** Why nothing can be started; null if all can. */
    public String failure;

    /** Told of every location that is installed, and true, or uninstalled, and false. */
    public BiConsumer<String, Boolean> listener = (location, here) -> {};

    @Override
    public Set<String> installed() {
        return Set.copyOf(installed.keySet());
    }

    @Override
    public void install(String location, Path jar) throws IOException {
        if (failure != null) {
            throw new IOException(failure);
        }
        if (installed.put(location, Files.readAllBytes(jar)) == null) {
            calls.add("+" + location);
            listener.accept(location, true);
        }
    }

    @Override
    public void uninstall(String location) {
        if (installed.remove(location) != null) {
            calls.add("-" + location);
            listener.accept(location, false);
        }
    }
}
