package io.opgraft.models.internal.lifecycle;

import io.opgraft.backend.Backend;
import io.opgraft.backend.LoadedLibrary;
import io.opgraft.models.Retained;
import io.opgraft.models.RetainedLibrary;
import io.opgraft.models.Wiring.Wire;
import io.opgraft.ops.OpProvider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The op libraries that the process has mapped, who uses them, and the limit for those that nobody uses any more. */
final class RetainedLibraries {
    private static final long MIB = 1 << 20;

    private final Backends backends;
    private final Views views;
    private final Limits limits;

    RetainedLibraries(Backends backends, Views views, Limits limits) {
        this.backends = backends;
        this.views = views;
        this.limits = limits;
    }

    /** What is mapped now; any thread may ask. */
    Retained now() {
        Map<String, TreeSet<String>> users = new HashMap<>();
        views.all().forEach((model, view) -> view.ready().forEach((version, instance) -> {
            for (Wire wire : instance.wiring().wires()) {
                users.computeIfAbsent(key(instance.backend(), wire.digest()), k -> new TreeSet<>())
                        .add(model + "/" + version);
            }
        }));
        List<RetainedLibrary> libraries = new ArrayList<>();
        for (Backend backend : backends.all()) {
            for (LoadedLibrary library : backend.loadedLibraries()) {
                libraries.add(new RetainedLibrary(
                        backend.name(),
                        library.digest(),
                        library.label(),
                        library.bytes(),
                        List.copyOf(users.getOrDefault(key(backend, library.digest()), new TreeSet<>()))));
            }
        }
        return new Retained(libraries, limits.maxRetained(), limits.maxRetainedBytes());
    }

    private static String key(Backend backend, String digest) {
        return backend.name() + " " + digest;
    }

    /**
     * Whether a library may be loaded.
     *
     * @return null if it may, because it is mapped already or there is room; else why not, as part of a sentence
     */
    String refusal(Backend backend, OpProvider provider) {
        if (limits.maxRetained() <= 0 && limits.maxRetainedBytes() <= 0) {
            return null;
        }
        if (backend.hasLoaded(provider.digest())) {
            return null;
        }
        List<RetainedLibrary> unused = now().unused();
        long bytes = Retained.bytes(unused);
        boolean many = limits.maxRetained() > 0 && unused.size() >= limits.maxRetained();
        boolean large = limits.maxRetainedBytes() > 0 && bytes >= limits.maxRetainedBytes();
        if (!many && !large) {
            return null;
        }
        return "it is new, and " + unused.size() + (unused.size() == 1 ? " library" : " libraries") + " of "
                + (bytes + MIB - 1) / MIB
                + " MiB that no model uses any more stay mapped until the server ends, which reaches the limit of "
                + (many ? "maxRetainedLibraries " + limits.maxRetained() : "")
                + (many && large ? " and of " : "")
                + (large ? "maxRetainedMegabytes " + limits.maxRetainedBytes() / MIB : "")
                + "; restart the server, or raise the limit";
    }
}
