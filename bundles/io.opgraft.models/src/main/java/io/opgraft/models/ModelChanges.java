package io.opgraft.models;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What operators do about changes of op libraries: look at them before and after, and take them back. Safe for use by many
 * threads; a call waits for a change under way.
 */
@ProviderType
public interface ModelChanges {
    /**
     * The wirings that served, over restarts. The number of entries is bounded.
     *
     * @param model its name
     * @return oldest first
     * @throws UnknownModelException if no repository holds the model and nothing is remembered of it
     */
    List<WiringChange> history(String model) throws UnknownModelException;

    /**
     * Sends a model back to the wiring before the present one, and holds it there. All its versions move, or none.
     *
     * @param model its name
     * @return one result for each version that moved, or that is now held to what it serves
     * @throws UnknownModelException if there is no such model
     * @throws ChangeRefusedException if there is nothing to go back to or it cannot be built; what served goes on
     */
    List<ChangeResult> rollback(String model) throws UnknownModelException, ChangeRefusedException;

    /**
     * Sends every model that uses a bundle back to what it used before the bundle's last change, and holds those ops
     * there. The bundle itself stays as it is. A model that cannot go back serves on as before.
     *
     * @param bundle symbolic name; the bundle may be gone
     * @return one result for each model version concerned
     * @throws ChangeRefusedException if no model uses it, or there is nothing to go back to
     */
    List<ChangeResult> rollbackBundle(String bundle) throws ChangeRefusedException;

    /**
     * Ends the holds of a model and finds its wiring anew.
     *
     * @param model its name; the model may be gone
     * @return one result for each version that was held
     * @throws ChangeRefusedException if it is not held
     */
    List<ChangeResult> release(String model) throws ChangeRefusedException;

    /**
     * Ends the holds of a bundle's ops, whichever version they are held to, and those that a rollback of that bundle
     * made.
     *
     * @param bundle symbolic name; the bundle may be gone
     * @return one result for each model version that was held
     * @throws ChangeRefusedException if no model is held to it
     */
    List<ChangeResult> releaseBundle(String bundle) throws ChangeRefusedException;

    /**
     * The models that are held, also those that no repository has any more.
     *
     * @return their names
     */
    Set<String> held();

    /** A change of the op bundles that might be made. */
    enum Change {
        /** The bundle is stopped. */
        STOP,
        /** The bundle is uninstalled. */
        UNINSTALL,
        /** The bundle is updated in place from a file. */
        UPDATE,
        /** A file is installed beside what is there, or updates the bundle of its own name and version. */
        ADD
    }

    /**
     * Says what a change would do, without changing anything.
     *
     * @param change the kind of change
     * @param bundle symbolic name, name/version or bundle id; ignored for {@link Change#ADD}
     * @param file the new jar for {@link Change#UPDATE} and {@link Change#ADD}, else empty
     * @return the effects
     * @throws ChangeRefusedException if the bundle is unknown or ambiguous, or the file is no op bundle
     */
    Impact impact(Change change, String bundle, Optional<Path> file) throws ChangeRefusedException;

    /**
     * The op libraries that this process has mapped.
     *
     * @return libraries and limits
     */
    Retained retained();
}
