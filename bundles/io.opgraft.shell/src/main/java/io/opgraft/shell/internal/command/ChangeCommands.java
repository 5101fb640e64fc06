package io.opgraft.shell.internal.command;

import io.opgraft.models.ChangeRefusedException;
import io.opgraft.models.ChangeResult;
import io.opgraft.models.ModelChanges;
import io.opgraft.models.ModelChanges.Change;
import io.opgraft.models.ModelStatus;
import io.opgraft.models.ModelStatus.VersionStatus;
import io.opgraft.models.Models;
import io.opgraft.models.UnknownModelException;
import io.opgraft.ops.OpIndex;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Commands about changes of op bundles: before, after and back. */
@Component(service = ChangeCommands.class)
@GogoCommand(
        scope = "opgraft",
        function = {"impact", "rollback", "release", "history", "retained"})
public class ChangeCommands {
    private static final String MODEL = "model";
    private static final String BUNDLE = "bundle";

    private final ModelChanges changes;
    private final Models models;
    private final OpIndex index;

    /**
     * Makes the commands.
     *
     * @param changes does the work
     * @param models knows the names of models
     * @param index knows the names of bundles
     */
    @Activate
    public ChangeCommands(@Reference ModelChanges changes, @Reference Models models, @Reference OpIndex index) {
        this.changes = changes;
        this.models = models;
        this.index = index;
    }

    /**
     * Says what a stop of a bundle would do.
     *
     * @param session for the working directory
     * @param what bundle; or a jar, which would be added then
     * @return the effects
     * @throws ChangeRefusedException if it is neither
     */
    @Descriptor("says what a stop of a bundle, or a new jar, would do to the models; changes nothing")
    public String impact(CommandSession session, @Descriptor("bundle, or a jar to add") String what)
            throws ChangeRefusedException {
        Path file = session.currentDir().resolve(what);
        return what.endsWith(".jar") && Files.isRegularFile(file)
                ? ChangeText.impact(changes.impact(Change.ADD, "", Optional.of(file)))
                : ChangeText.impact(changes.impact(Change.STOP, what, Optional.empty()));
    }

    /**
     * Says what a change of a bundle would do.
     *
     * @param session for the working directory
     * @param bundle symbolic name, name/version or id
     * @param change {@code stop}, {@code uninstall} or a jar that replaces the bundle
     * @return the effects
     * @throws ChangeRefusedException if the bundle is unknown or the jar is no op bundle
     */
    @Descriptor("says what a change of a bundle would do to the models; changes nothing")
    public String impact(
            CommandSession session,
            @Descriptor("symbolic name, name/version or id") String bundle,
            @Descriptor("stop, uninstall, or the jar that would replace it") String change)
            throws ChangeRefusedException {
        return switch (change) {
            case "stop" -> ChangeText.impact(changes.impact(Change.STOP, bundle, Optional.empty()));
            case "uninstall" -> ChangeText.impact(changes.impact(Change.UNINSTALL, bundle, Optional.empty()));
            default -> {
                Path file = session.currentDir().resolve(change);
                if (!Files.isRegularFile(file)) {
                    throw new ChangeRefusedException(
                            change + " is neither stop nor uninstall, and there is no file " + file + ".");
                }
                yield ChangeText.impact(changes.impact(Change.UPDATE, bundle, Optional.of(file)));
            }
        };
    }

    /**
     * Goes back.
     *
     * @param name of a model or of a bundle
     * @return what moved
     * @throws UnknownModelException if there is no such model
     * @throws ChangeRefusedException if there is nothing to go back to, or the name is that of both
     */
    @Descriptor("sends a model, or all models of a bundle, back to the wiring before, and holds it there")
    public String rollback(@Descriptor("model or bundle") String name)
            throws UnknownModelException, ChangeRefusedException {
        return rollback(isModel(name, "rollback") ? MODEL : BUNDLE, name);
    }

    /**
     * Goes back, where a model and a bundle have the same name.
     *
     * @param kind {@code model} or {@code bundle}
     * @param name its name
     * @return what moved
     * @throws UnknownModelException if there is no such model
     * @throws ChangeRefusedException if there is nothing to go back to
     */
    @Descriptor("the same where a model and a bundle have one name")
    public String rollback(@Descriptor("model or bundle") String kind, @Descriptor("its name") String name)
            throws UnknownModelException, ChangeRefusedException {
        List<ChangeResult> results =
                switch (kind) {
                    case MODEL -> changes.rollback(name);
                    case BUNDLE -> changes.rollbackBundle(name);
                    default -> throw neither(kind);
                };
        return ChangeText.results(results, "is held until: opgraft:release " + name);
    }

    /**
     * Ends holds.
     *
     * @param name of a model or of a bundle
     * @return what moved
     * @throws ChangeRefusedException if nothing is held, or the name is that of both
     */
    @Descriptor("ends what a rollback holds")
    public String release(@Descriptor("model or bundle") String name) throws ChangeRefusedException {
        return release(isModel(name, "release") ? MODEL : BUNDLE, name);
    }

    /**
     * Ends holds, where a model and a bundle have the same name.
     *
     * @param kind {@code model} or {@code bundle}
     * @param name its name
     * @return what moved
     * @throws ChangeRefusedException if nothing is held
     */
    @Descriptor("the same where a model and a bundle have one name")
    public String release(@Descriptor("model or bundle") String kind, @Descriptor("its name") String name)
            throws ChangeRefusedException {
        List<ChangeResult> results =
                switch (kind) {
                    case MODEL -> changes.release(name);
                    case BUNDLE -> changes.releaseBundle(name);
                    default -> throw neither(kind);
                };
        return ChangeText.results(results, "is no longer held");
    }

    private static IllegalArgumentException neither(String kind) {
        return new IllegalArgumentException(kind + " is neither model nor bundle.");
    }

    private boolean isModel(String name, String command) throws ChangeRefusedException {
        boolean bundle = index.providers().stream().anyMatch(p -> p.bundle().equals(name));
        // A model that no repository has any more may still be held.
        boolean model = models.list().stream().anyMatch(m -> m.name().equals(name))
                || changes.held().contains(name);
        if (model && bundle) {
            throw new ChangeRefusedException("Both a model and a bundle are called " + name + ". Say " + command
                    + " model " + name + " or " + command + " bundle " + name + ".");
        }
        return model;
    }

    /**
     * Lists wirings.
     *
     * @param model model name
     * @return a table
     * @throws UnknownModelException if there is no such model
     */
    @Descriptor("lists the wirings that served a model, with times and causes")
    public String history(@Descriptor("model name") String model) throws UnknownModelException {
        String held = "";
        for (ModelStatus status : models.list()) {
            for (VersionStatus version : status.versions()) {
                if (status.name().equals(model) && version.hold() != null) {
                    held += "\nVersion " + version.version() + " is " + version.hold() + ".";
                }
            }
        }
        return ChangeText.history(model, changes.history(model)) + (held.isEmpty() ? "" : "\n" + held);
    }

    /**
     * Lists what is mapped.
     *
     * @return a table and totals
     */
    @Descriptor("lists the op libraries that the process has loaded, in use or not")
    public String retained() {
        return ChangeText.retained(changes.retained());
    }
}
