package io.opgraft.tensorrt.internal;

import io.opgraft.backend.OpLibraryCopy;
import io.opgraft.backend.OpRequirement;
import io.opgraft.backend.OpScope;
import io.opgraft.probe.Registration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A plugin library. As a scope it is only a name: each runtime loads it into a registry of its own, from the one private
 * copy of its digest.
 */
final class PluginLibrary implements OpScope {
    /** What the probe calls a creator. */
    static final String KIND = "creator";

    private final OpLibraryCopy copy;
    private final PluginLibraries owner;
    private final Set<String> ops;

    PluginLibrary(OpLibraryCopy copy, PluginLibraries owner) {
        this.copy = copy;
        this.owner = owner;
        Set<String> names = new HashSet<>(copy.ops());
        for (Registration registration : copy.registrations()) {
            if (registration.kind().equals(KIND)) {
                names.add(registration.name());
            }
        }
        this.ops = Set.copyOf(names);
    }

    OpLibraryCopy copy() {
        return copy;
    }

    /** The files in the order in which a registry takes them. */
    List<Path> files() {
        List<Path> files = new ArrayList<>(copy.files().before());
        files.add(copy.library());
        return files;
    }

    /** To be called before a runtime loads it. */
    void use() {
        owner.use(this);
    }

    /** To be called after a runtime has let go of it. */
    void release() {
        owner.release(this);
    }

    @Override
    public Set<String> ops() {
        return ops;
    }

    @Override
    public List<String> mismatches(OpRequirement requirement) {
        return ops.contains(requirement.op()) ? List.of() : List.of("it does not define the op");
    }
}
