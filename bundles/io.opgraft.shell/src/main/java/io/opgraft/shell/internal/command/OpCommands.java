package io.opgraft.shell.internal.command;

import io.opgraft.models.ModelStatus;
import io.opgraft.models.ModelStatus.VersionStatus;
import io.opgraft.models.Models;
import io.opgraft.models.Wiring;
import io.opgraft.ops.OpIndex;
import io.opgraft.ops.OpProvider;
import java.util.List;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Commands about ops and the bundles that bring them. */
@Component(service = OpCommands.class)
@GogoCommand(
        scope = "opgraft",
        function = {"ops", "op"})
public class OpCommands {
    private final OpIndex index;
    private final Models models;

    /**
     * Makes the commands.
     *
     * @param index knows the op libraries
     * @param models knows who uses them
     */
    @Activate
    public OpCommands(@Reference OpIndex index, @Reference Models models) {
        this.index = index;
        this.models = models;
    }

    /**
     * Lists all op libraries.
     *
     * @return a table
     */
    @Descriptor("lists the op libraries of all installed bundles")
    public String ops() {
        Table table = new Table("FRAMEWORK", "OPS", "BUNDLE", "VERSION", "ID", "STATE", "VERDICT");
        StringBuilder reasons = new StringBuilder();
        for (OpProvider provider : index.providers()) {
            table.row(
                    provider.framework(),
                    String.join(", ", provider.ops()),
                    provider.bundle(),
                    provider.version(),
                    provider.bundleId(),
                    provider.state(),
                    OpText.verdict(provider));
            if (!provider.reason().isEmpty()) {
                reasons.append('\n').append(provider.label()).append(": ").append(provider.reason());
            }
        }
        return table.isEmpty()
                ? "No bundle brings ops. Drop an op bundle into the deploy folder, or install one."
                : table + (reasons.isEmpty() ? "" : "\n" + reasons);
    }

    /**
     * Shows one op.
     *
     * @param name op name
     * @return who defines it and who uses it
     */
    @Descriptor("shows who defines an op and which models use it")
    public String op(@Descriptor("op name") String name) {
        List<OpProvider> providers = index.providers().stream()
                .filter(provider -> provider.ops().contains(name))
                .toList();
        StringBuilder text = new StringBuilder();
        if (providers.isEmpty()) {
            text.append("No installed bundle defines ").append(name).append('.');
        } else {
            Table table = new Table("BUNDLE", "VERSION", "ID", "STATE", "FRAMEWORK", "DIGEST");
            for (OpProvider provider : providers) {
                table.row(
                        provider.bundle(),
                        provider.version(),
                        provider.bundleId(),
                        provider.state(),
                        provider.framework(),
                        Words.digest(provider.digest()));
            }
            text.append(table);
            providers.forEach(provider -> text.append("\n\n").append(OpText.judgement(provider)));
        }
        Table users = users(name);
        boolean used = !users.isEmpty();
        if (providers.isEmpty() && !used) {
            throw new IllegalArgumentException(
                    "No installed bundle defines an op " + name + " and no model needs one; ops lists them.");
        }
        return text.append("\n\n")
                .append(used ? users.toString() : "No model uses it.")
                .toString();
    }

    private Table users(String op) {
        Table table = new Table("MODEL", "VERSION", "STATE", "OP FROM");
        for (ModelStatus model : models.list()) {
            for (VersionStatus version : model.versions()) {
                String from = version.wiring() == null
                        ? ""
                        : version.wiring().wires().stream()
                                .filter(wire -> wire.op().equals(op))
                                .map(OpCommands::label)
                                .findFirst()
                                .orElse("");
                if (!from.isEmpty() || version.requiredOps().contains(op)) {
                    table.row(model.name(), version.version(), version.state(), from);
                }
            }
        }
        return table;
    }

    private static String label(Wiring.Wire wire) {
        return wire.bundle() + "/" + wire.version();
    }
}
