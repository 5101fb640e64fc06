package io.opgraft.shell.internal.command;

import io.opgraft.models.ControlRefusedException;
import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.ModelStatus;
import io.opgraft.models.ModelStatus.VersionStatus;
import io.opgraft.models.Models;
import io.opgraft.models.UnknownModelException;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Commands about models. */
@Component(service = ModelCommands.class)
@GogoCommand(
        scope = "opgraft",
        function = {"models", "model", "explain", "load", "unload"})
public class ModelCommands {
    private final Models models;

    /**
     * Makes the commands.
     *
     * @param models what they work on
     */
    @Activate
    public ModelCommands(@Reference Models models) {
        this.models = models;
    }

    /**
     * Lists all models.
     *
     * @return a table
     */
    @Descriptor("lists all models and their state")
    public String models() {
        Table table = new Table("MODEL", "VERSION", "STATE", "OPS FROM");
        for (ModelStatus model : models.list()) {
            if (model.versions().isEmpty()) {
                table.row(model.name(), "", model.askedFor() ? "FAILED" : "UNLOADED", "");
            }
            for (VersionStatus version : model.versions()) {
                table.row(model.name(), version.version(), state(version), opsFrom(version));
            }
        }
        return table.isEmpty() ? "There are no models; serve --model-repository DIR names where they are." : "" + table;
    }

    private static String state(VersionStatus version) {
        return version.state() + (version.hold() == null ? "" : ", held");
    }

    private static String opsFrom(VersionStatus version) {
        if (version.wiring() != null) {
            return String.join(
                    ", ",
                    version.wiring().wires().stream()
                            .map(wire -> wire.bundle() + "/" + wire.version())
                            .distinct()
                            .toList());
        }
        return version.requiredOps().isEmpty() ? "" : "needs " + String.join(", ", version.requiredOps());
    }

    /**
     * Shows one model.
     *
     * @param name model name
     * @return state, inputs, outputs, wiring and explanation
     * @throws UnknownModelException if there is no such model
     */
    @Descriptor("shows a model: state, inputs, outputs, ops")
    public String model(@Descriptor("model name") String name) throws UnknownModelException {
        return ModelText.details(models.get(name));
    }

    /**
     * Explains why a model is not served, or which ops it uses if it is.
     *
     * @param name model name
     * @return what is missing and what to do
     * @throws UnknownModelException if there is no such model
     */
    @Descriptor("explains why a model is not ready and what to do")
    public String explain(@Descriptor("model name") String name) throws UnknownModelException {
        return ModelText.explanation(models.get(name));
    }

    /**
     * Asks for a model.
     *
     * @param name model name
     * @return that it is ready
     * @throws UnknownModelException if no repository holds it
     * @throws ModelNotReadyException if it cannot be made ready; the message explains why
     * @throws ControlRefusedException if the control mode does not allow it
     */
    @Descriptor("loads a model, or loads it again")
    public String load(@Descriptor("model name") String name)
            throws UnknownModelException, ModelNotReadyException, ControlRefusedException {
        models.load(name);
        return name + " is ready.";
    }

    /**
     * Takes a model out of service.
     *
     * @param name model name
     * @return that it is unloaded
     * @throws UnknownModelException if there is no such model
     * @throws ControlRefusedException if the control mode does not allow it
     */
    @Descriptor("takes a model out of service")
    public String unload(@Descriptor("model name") String name) throws UnknownModelException, ControlRefusedException {
        models.unload(name);
        return name + " is unloaded.";
    }
}
