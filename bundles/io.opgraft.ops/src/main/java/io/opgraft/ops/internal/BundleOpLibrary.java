package io.opgraft.ops.internal;

import io.opgraft.op.OpFile;
import io.opgraft.op.OpLibrary;
import io.opgraft.ops.OpProvider;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;

/** The service that stands for one capability of a bundle without code. Reads the bundle only when it is asked. */
record BundleOpLibrary(Bundle bundle, Declared declared, List<String> ops) implements OpLibrary {
    /** True for the services that the extender registers: their libraries are in the index by their capabilities. */
    static final String DECLARED_PROPERTY = "opgraft.op.declared";

    @Override
    public String framework() {
        return declared.candidate().framework();
    }

    @Override
    public OpFile library() {
        return new OpFile(declared.path(), bundle.getEntry(declared.entry()));
    }

    @Override
    public List<OpFile> helpers() {
        return BundleFiles.entries(bundle, declared.folder()).entrySet().stream()
                .filter(entry -> !entry.getKey().equals(declared.path()))
                .map(entry -> new OpFile(entry.getKey(), entry.getValue()))
                .toList();
    }

    static Map<String, Object> properties(OpProvider provider) {
        return Map.of(
                OpLibrary.FRAMEWORK_PROPERTY,
                provider.framework(),
                OpLibrary.OPS_PROPERTY,
                provider.ops().toArray(new String[0]),
                OpLibrary.VERSION_PROPERTY,
                provider.version(),
                DECLARED_PROPERTY,
                true);
    }
}
