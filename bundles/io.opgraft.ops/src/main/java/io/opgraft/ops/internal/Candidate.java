package io.opgraft.ops.internal;

import io.opgraft.ops.LibraryReport;
import io.opgraft.ops.OpOrigin;
import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpProvider.State;
import io.opgraft.probe.LibraryFiles;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/** What is known of an op library before it is judged; {@code ops} is empty where the trial is to find them. */
record Candidate(String framework, List<String> ops, String bundle, Version version, long bundleId, OpOrigin origin) {
    static String name(Bundle bundle) {
        return bundle.getSymbolicName() == null ? "bundle-" + bundle.getBundleId() : bundle.getSymbolicName();
    }

    static OpOrigin origin(Bundle bundle) {
        // The empty locale gives the headers as they are written, without reading translations.
        var headers = bundle.getHeaders("");
        return new OpOrigin(
                bundle.getLocation(),
                text(headers.get(Constants.BUNDLE_VENDOR)),
                text(headers.get(Constants.BUNDLE_LICENSE)));
    }

    static String text(String value) {
        return value == null ? "" : value.strip();
    }

    OpProvider stopped() {
        return provider(ops, State.STOPPED, "bundle " + bundleId + " is not started; start it with: start " + bundleId);
    }

    OpProvider refused(String reason, LibraryReport report) {
        return provider(ops, State.REFUSED, reason, "", null, report);
    }

    OpProvider checking(LibraryReport report) {
        return provider(ops, State.CHECKING, "a trial load of its library is under way", "", null, report);
    }

    OpProvider active(List<String> all, String digest, LibraryFiles files, LibraryReport report) {
        return provider(all, State.ACTIVE, "", digest, files, report);
    }

    private OpProvider provider(List<String> all, State state, String reason) {
        return provider(all, state, reason, "", null, LibraryReport.NONE);
    }

    private OpProvider provider(
            List<String> all, State state, String reason, String digest, LibraryFiles files, LibraryReport report) {
        return new OpProvider(
                framework,
                all,
                bundle,
                version,
                bundleId,
                state,
                reason,
                digest,
                files == null ? null : files.library(),
                report,
                origin,
                files);
    }

    @Override
    public String toString() {
        return bundle + "/" + version + (bundleId < 0 ? "" : " (bundle " + bundleId + ")");
    }
}
