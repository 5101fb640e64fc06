package io.opgraft.ops.internal;

import io.opgraft.ops.LibraryReport;
import io.opgraft.ops.OpOrigin;
import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpProvider.State;
import java.nio.file.Path;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;

/** What is known of an op library before it is judged. */
record Candidate(String framework, List<String> ops, String bundle, Version version, long bundleId) {
    static String name(Bundle bundle) {
        return bundle.getSymbolicName() == null ? "bundle-" + bundle.getBundleId() : bundle.getSymbolicName();
    }

    OpProvider active(StoredCopy copy) {
        return provider(State.ACTIVE, "", copy.digest(), copy.library());
    }

    OpProvider refused(String reason) {
        return provider(State.REFUSED, reason, "", null);
    }

    OpProvider stopped() {
        return provider(
                State.STOPPED, "bundle " + bundleId + " is not started; start it with: start " + bundleId, "", null);
    }

    private OpProvider provider(State state, String reason, String digest, Path library) {
        return new OpProvider(
                framework,
                ops,
                bundle,
                version,
                bundleId,
                state,
                reason,
                digest,
                library,
                LibraryReport.NONE,
                OpOrigin.NONE);
    }

    @Override
    public String toString() {
        return bundle + "/" + version + " (bundle " + bundleId + ")";
    }
}
