package io.opgraft.shell.internal.command;

import io.opgraft.models.ModelStatus;
import io.opgraft.models.Models;
import io.opgraft.models.UnknownModelException;
import io.opgraft.models.Wiring.Wire;
import io.opgraft.models.view.BillOfMaterials;
import io.opgraft.models.view.ModelVersion;
import io.opgraft.models.view.WiringDot;
import io.opgraft.models.view.WiringJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Commands about which op library computes which model. */
@Component(service = WiringCommands.class)
@GogoCommand(
        scope = "opgraft",
        function = {"wiring", "bom"})
public class WiringCommands {
    private final Models models;

    /**
     * Makes the commands.
     *
     * @param models what they show
     */
    @Activate
    public WiringCommands(@Reference Models models) {
        this.models = models;
    }

    /**
     * Shows which bundle provides which op of one model or of all.
     *
     * @param arguments a model name or none, and the form
     * @return a table or a document
     * @throws UnknownModelException if there is no such model
     */
    @Descriptor("shows which bundle provides each op of a model, or of all models")
    public String wiring(@Descriptor("[MODEL] [--dot|--json]") String[] arguments) throws UnknownModelException {
        Arguments given = Arguments.parse("wiring [MODEL] [--dot|--json]", Set.of("--dot", "--json"), arguments);
        List<ModelStatus> chosen =
                given.words().isEmpty() ? models.list() : List.of(models.get(given.word("wiring takes one model")));
        List<ModelVersion> versions = ModelVersion.all(chosen);
        if (given.has("--dot")) {
            return WiringDot.of(versions).stripTrailing();
        }
        if (given.has("--json")) {
            return WiringJson.of(versions);
        }
        Table table = new Table("MODEL", "VERSION", "OP", "BUNDLE", "ID", "VERDICT", "DIGEST");
        versions.forEach(version -> wires(table, version));
        return table.isEmpty() ? "No model needs a custom op." : table.toString();
    }

    private static void wires(Table table, ModelVersion of) {
        String model = of.model().name();
        for (Wire wire : of.wires()) {
            table.row(
                    model,
                    of.version().version(),
                    wire.op(),
                    wire.bundle() + "/" + wire.version(),
                    wire.bundleId(),
                    wire.provider().report().verdict(),
                    Words.digest(wire.digest()));
        }
        for (String op : of.unwiredOps()) {
            table.row(model, of.version().version(), op, "(" + of.state() + ")", "", "", "");
        }
    }

    /**
     * Shows the op libraries that compute a model, with what is known of each.
     *
     * @param arguments a model name and the form
     * @return text or a JSON object for each version
     * @throws UnknownModelException if there is no such model
     */
    @Descriptor("shows the op bill of materials of a model: vendor, licence, digests, build facts")
    public String bom(@Descriptor("MODEL [--json]") String[] arguments) throws UnknownModelException {
        Arguments given = Arguments.parse("bom MODEL [--json]", Set.of("--json"), arguments);
        ModelStatus model = models.get(given.word("bom needs a model"));
        List<String> parts = new ArrayList<>();
        for (ModelVersion version : ModelVersion.all(List.of(model))) {
            parts.add(given.has("--json") ? BillOfMaterials.json(version) : BillText.of(version));
        }
        return String.join(given.has("--json") ? "\n" : "\n\n", parts);
    }
}
