package io.opgraft.ops.internal;

import io.opgraft.probe.LibraryProbe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The frameworks that judge libraries; they come and go. Where two of one name are there, as happens while a bundle is
 * replaced, the last one counts. Safe for use by many threads.
 */
final class Frameworks {
    private static final Logger LOG = LoggerFactory.getLogger(Frameworks.class);

    private final Map<String, List<Present>> byName = new HashMap<>();

    /** One service. Its environment is null until it was asked, and empty if it has none. */
    static final class Present {
        private final LibraryProbe probe;
        private final String name;
        private volatile String environment;

        Present(LibraryProbe probe) {
            this.probe = probe;
            this.name = probe.framework();
        }

        LibraryProbe probe() {
            return probe;
        }

        String name() {
            return name;
        }

        boolean known() {
            return environment != null;
        }

        boolean usable() {
            return known() && !environment.isEmpty();
        }

        String environment() {
            return environment;
        }

        /** Asks the service, which may take long. */
        void ask() {
            try {
                environment = probe.environment();
            } catch (IOException | RuntimeException e) {
                LOG.warn("{} cannot judge op libraries: {}", name, e.getMessage());
                environment = "";
            }
        }
    }

    synchronized void add(Present present) {
        byName.computeIfAbsent(present.name(), name -> new ArrayList<>()).add(present);
    }

    synchronized void remove(Present present) {
        byName.getOrDefault(present.name(), List.of()).remove(present);
    }

    /** Null if there is none. */
    synchronized Present get(String name) {
        List<Present> all = byName.getOrDefault(name, List.of());
        return all.isEmpty() ? null : all.get(all.size() - 1);
    }

    synchronized boolean has(Present present) {
        return byName.getOrDefault(present.name(), List.of()).contains(present);
    }
}
