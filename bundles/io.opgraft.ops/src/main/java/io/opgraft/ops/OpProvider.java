package io.opgraft.ops;

import io.opgraft.probe.LibraryFiles;
import java.nio.file.Path;
import java.util.List;
import org.osgi.framework.Version;

/**
 * One op library of one bundle revision.
 *
 * @param framework framework that loads it
 * @param ops names of the ops, as the author wrote them
 * @param bundle symbolic name of the bundle that delivers it
 * @param version version of the ops
 * @param bundleId the framework's id of that bundle, equal over its updates
 * @param state whether models may use it
 * @param reason why models cannot use it, and what to do; empty if it is active
 * @param digest lower-case SHA-256 of library and helpers as delivered, equal for all libraries of a unit; empty unless
 *     active
 * @param library the private copy to load, the last one of its unit; null unless active
 * @param report its judgement, {@link LibraryReport#NONE} while there is none
 * @param origin where it comes from
 * @param files all that is loaded with it; null unless active
 */
public record OpProvider(
        String framework,
        List<String> ops,
        String bundle,
        Version version,
        long bundleId,
        State state,
        String reason,
        String digest,
        Path library,
        LibraryReport report,
        OpOrigin origin,
        LibraryFiles files) {
    /** Whether models may use an op library. */
    public enum State {
        /** Its bundle is active and the library was accepted. */
        ACTIVE,
        /** Its bundle is active; a trial load of the library is under way. */
        CHECKING,
        /** Its bundle is active, but the library was refused. */
        REFUSED,
        /** Its bundle is installed, but not active. */
        STOPPED,
        /** Its bundle is gone or was updated; the copy of its library is kept for the models that went back to it. */
        FORMER
    }

    /** Takes a copy. */
    public OpProvider {
        ops = List.copyOf(ops);
    }

    /**
     * A library that lies alone in its folder.
     *
     * @param framework framework that loads it
     * @param ops names of the ops, as the author wrote them
     * @param bundle symbolic name of the bundle that delivers it
     * @param version version of the ops
     * @param bundleId the framework's id of that bundle
     * @param state whether models may use it
     * @param reason why models cannot use it
     * @param digest lower-case SHA-256 of the library
     * @param library the private copy to load
     * @param report its judgement
     * @param origin where it comes from
     */
    public OpProvider(
            String framework,
            List<String> ops,
            String bundle,
            Version version,
            long bundleId,
            State state,
            String reason,
            String digest,
            Path library,
            LibraryReport report,
            OpOrigin origin) {
        this(
                framework,
                ops,
                bundle,
                version,
                bundleId,
                state,
                reason,
                digest,
                library,
                report,
                origin,
                library == null ? null : LibraryFiles.alone(library));
    }

    /**
     * Symbolic name and version as messages write them.
     *
     * @return {@code io.acme.addsub/1.2.0}
     */
    public String label() {
        return bundle + "/" + version;
    }
}
