package io.opgraft.models.view;

import io.opgraft.models.Explanation;
import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.Explanation.Reason;
import io.opgraft.models.ModelStatus;
import io.opgraft.models.ModelStatus.State;
import io.opgraft.models.ModelStatus.VersionStatus;
import io.opgraft.models.Wiring;
import io.opgraft.models.Wiring.Wire;
import io.opgraft.ops.LibraryFacts;
import io.opgraft.ops.LibraryReport;
import io.opgraft.ops.OpOrigin;
import io.opgraft.ops.OpProvider;
import io.opgraft.probe.Finding;
import io.opgraft.probe.Verdict;
import java.nio.file.Path;
import java.util.List;
import org.osgi.framework.Version;

/** Models in several states. */
final class Examples {
    static final String NASTY = "a\"b\\c\nd\u0001é\u2028";

    private Examples() {}

    static OpProvider provider(String bundle, String version, long id, String... ops) {
        Finding finding = new Finding(
                Verdict.ISOLATABLE_AFTER_REPAIR, "unique symbols", "lib.so", "it has 2 unique symbols", "repaired");
        LibraryReport report = new LibraryReport(
                Verdict.ISOLATABLE_AFTER_REPAIR,
                List.of(finding),
                null,
                "loaded-" + bundle,
                new LibraryFacts(4096, "x86_64", "GCC 12.2.0", "GLIBC_2.34", List.of("libz.so.1")));
        return new OpProvider(
                "tensorflow",
                List.of(ops),
                bundle,
                Version.parseVersion(version),
                id,
                OpProvider.State.ACTIVE,
                "",
                "delivered-" + bundle,
                Path.of("/data/ops/x/lib.so"),
                report,
                new OpOrigin("file:/deploy/" + bundle + ".jar", "Acme & Sons", "MIT"));
    }

    static VersionStatus ready(long version, Wire... wires) {
        Reason note = new Reason(Kind.SCHEMA_MISMATCH, "Add", "acme/2.0.0", "It differs.", "");
        return new VersionStatus(
                version,
                State.READY,
                null,
                new Wiring(List.of(wires), List.of(note)),
                List.of(wires).stream().map(Wire::op).toList(),
                Explanation.NONE);
    }

    static VersionStatus waiting(long version, String op) {
        Reason reason = new Reason(Kind.OP_MISSING, op, "", "Op " + op + " is missing.", "Deploy it.");
        return new VersionStatus(version, State.WAITING, null, null, List.of(op), new Explanation(List.of(reason)));
    }

    static ModelStatus model(String name, VersionStatus... versions) {
        return new ModelStatus(name, true, List.of(versions), Explanation.NONE);
    }

    /** Two ops of one library and one of another. */
    static ModelStatus good() {
        OpProvider acme = provider("acme", "1.2.0", 7, "Add", "Sub", "Mul");
        OpProvider other = provider("other", "3.0.0", 9, "Clip");
        return model("good", ready(1, new Wire("Add", acme), new Wire("Clip", other), new Wire("Sub", acme)));
    }

    /** No version, because of its configuration. */
    static ModelStatus broken() {
        Reason reason = new Reason(Kind.CONFIGURATION, "", "config.pbtxt", "It is wrong.", "Change it.");
        return new ModelStatus("broken", true, List.of(), new Explanation(List.of(reason)));
    }
}
