package io.opgraft.shell.internal.command;

import io.opgraft.backend.TensorSpec;
import io.opgraft.models.Explanation;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.ModelStatus;
import io.opgraft.models.ModelStatus.State;
import io.opgraft.models.ModelStatus.VersionStatus;
import io.opgraft.models.Wiring;
import java.util.ArrayList;
import java.util.List;

/** What there is to say about one model. */
final class ModelText {
    private ModelText() {}

    /** Everything known. */
    static String details(ModelStatus model) {
        List<String> parts = new ArrayList<>();
        if (model.versions().isEmpty()) {
            parts.add(model.name() + " is " + (model.askedFor() ? "FAILED" : "UNLOADED") + ".");
        }
        for (VersionStatus version : model.versions()) {
            parts.add(head(model, version));
            if (version.metadata() != null) {
                parts.add(tensors(version.metadata()).toString());
            }
            if (version.wiring() != null) {
                parts.add(version.wiring().wires().isEmpty() ? "No custom op is needed." : ops(version.wiring()));
            }
            hold(parts, model, version);
            reasons(parts, version.explanation());
        }
        reasons(parts, model.explanation());
        return String.join("\n\n", parts);
    }

    private static String head(ModelStatus model, VersionStatus version) {
        ModelMetadata metadata = version.metadata();
        return model.name() + " version " + version.version() + " is " + version.state()
                + (metadata == null ? "" : ", " + metadata.platform() + ", largest batch " + metadata.maxBatchSize())
                + (metadata == null && !version.requiredOps().isEmpty()
                        ? ", needs " + String.join(", ", version.requiredOps())
                        : "")
                + ".";
    }

    private static Table tensors(ModelMetadata metadata) {
        Table table = new Table("TENSOR", "KIND", "DATATYPE", "SHAPE");
        metadata.inputs().forEach(spec -> row(table, "input", spec));
        metadata.outputs().forEach(spec -> row(table, "output", spec));
        return table;
    }

    private static void row(Table table, String kind, TensorSpec spec) {
        table.row(spec.name(), kind, spec.datatype(), spec.shape() == null ? "any" : spec.shape());
    }

    private static String ops(Wiring wiring) {
        Table table = new Table("OP", "BUNDLE", "ID", "DIGEST");
        for (Wiring.Wire wire : wiring.wires()) {
            table.row(wire.op(), wire.bundle() + "/" + wire.version(), wire.bundleId(), Words.digest(wire.digest()));
        }
        return table.toString();
    }

    /** Why it is not served and what to do; or what it is served with. */
    static String explanation(ModelStatus model) {
        List<String> parts = new ArrayList<>();
        if (model.versions().isEmpty() && model.explanation().isEmpty()) {
            parts.add(model.name()
                    + (model.askedFor()
                            ? " has no version to serve."
                            : " is not loaded, because nobody asked for it. load " + model.name() + " does."));
        }
        reasons(parts, model.explanation());
        for (VersionStatus version : model.versions()) {
            parts.add(
                    model.name() + " version " + version.version() + " is " + version.state() + served(version) + ".");
            hold(parts, model, version);
            reasons(parts, version.explanation());
            if (version.wiring() != null && !version.wiring().notes().isEmpty()) {
                parts.add("Passed over:");
                reasons(parts, new Explanation(version.wiring().notes()));
            }
        }
        return String.join("\n", parts);
    }

    private static String served(VersionStatus version) {
        if (version.state() != State.READY || version.wiring() == null) {
            return "";
        }
        return version.wiring().wires().isEmpty() ? " and needs no custom op" : " with " + version.wiring();
    }

    private static void hold(List<String> parts, ModelStatus model, VersionStatus version) {
        if (version.hold() != null) {
            parts.add("- It is " + version.hold() + ", whatever op bundles come.\n  Let it move again with release "
                    + model.name() + ".");
        }
    }

    private static void reasons(List<String> parts, Explanation explanation) {
        for (Explanation.Reason reason : explanation.reasons()) {
            parts.add("- " + reason.message() + (reason.remedy().isEmpty() ? "" : "\n  " + reason.remedy()));
        }
    }
}
