package io.opgraft.shell.internal.command;

import io.opgraft.models.view.BillOfMaterials;
import io.opgraft.models.view.BillOfMaterials.Component;
import io.opgraft.models.view.ModelVersion;
import io.opgraft.ops.LibraryFacts;
import io.opgraft.ops.OpProvider;
import io.opgraft.probe.Finding;
import java.util.ArrayList;
import java.util.List;

/** A bill of materials for people. */
final class BillText {
    private BillText() {}

    static String of(ModelVersion version) {
        List<String> parts = new ArrayList<>();
        parts.add(version.model().name()
                + (version.version() == null
                        ? ""
                        : " version " + version.version().version()) + " is " + version.state() + ".");
        for (Component component : BillOfMaterials.of(version)) {
            parts.add(of(component).toString());
        }
        if (!version.unwiredOps().isEmpty()) {
            parts.add("Nothing computes " + String.join(", ", version.unwiredOps()) + " now.");
        } else if (parts.size() == 1) {
            parts.add("No op library computes it.");
        }
        return String.join("\n\n", parts);
    }

    private static Table of(Component component) {
        OpProvider provider = component.provider();
        LibraryFacts facts = provider.report().facts();
        Table table = new Table("BUNDLE", provider.label());
        table.row("ops used", String.join(", ", component.ops()));
        table.row("bundle id", provider.bundleId() + ", " + provider.state());
        table.row("vendor", provider.origin().vendor());
        table.row("licence", provider.origin().licence());
        table.row("location", provider.origin().location());
        table.row("library", provider.library() == null ? "" : provider.library());
        table.row("as delivered", provider.digest());
        table.row("as loaded", provider.report().loadedDigest());
        table.row("size", facts.bytes() == 0 ? "" : facts.bytes() + " bytes");
        table.row("machine", facts.machine());
        table.row("compiler", facts.compiler());
        table.row("runtime", facts.runtime());
        table.row("needs", String.join(", ", facts.needed()));
        table.row("verdict", provider.report().verdict());
        for (Finding finding : provider.report().findings()) {
            table.row(finding.topic(), (finding.file().isEmpty() ? "" : finding.file() + ": ") + finding);
        }
        return table;
    }
}
