package io.opgraft.shell.internal.command;

import io.opgraft.models.ChangeResult;
import io.opgraft.models.Impact;
import io.opgraft.models.Impact.Effect;
import io.opgraft.models.Retained;
import io.opgraft.models.RetainedLibrary;
import io.opgraft.models.Wiring;
import io.opgraft.models.WiringChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What there is to say about changes. */
final class ChangeText {
    private static final double MIB = 1 << 20;

    private ChangeText() {}

    static String impact(Impact impact) {
        List<String> parts = new ArrayList<>();
        parts.add(impact.assumed());
        impact.findings().forEach(finding -> parts.add("- " + finding));
        Table table = new Table("MODEL", "VERSION", "EFFECT", "NOW", "THEN");
        StringBuilder reasons = new StringBuilder();
        for (Effect effect : impact.effects()) {
            table.row(
                    effect.model(),
                    effect.version(),
                    effect.fate().name().toLowerCase(Locale.ROOT),
                    ops(effect.before()),
                    ops(effect.after()));
            if (!effect.why().isEmpty()) {
                reasons.append('\n').append(reason(effect));
            }
        }
        parts.add("");
        parts.add(table.isEmpty() ? "No model needs an op of it." : table + (reasons.isEmpty() ? "" : "\n" + reasons));
        if (!impact.unused().isEmpty()) {
            parts.add("");
            parts.add("No longer used: " + String.join(", ", impact.unused()) + ".");
        }
        return String.join("\n", parts);
    }

    private static String reason(Effect effect) {
        String head = effect.model() + " version " + effect.version();
        return switch (effect.fate()) {
            case LOSES ->
                head + " would lose an op. If its bundle stays active, what serves goes on until a restart. "
                        + effect.why();
            case STAYS -> head + " stays: " + effect.why();
            case GAINS, MOVES, WAITS -> head + ": " + effect.why();
        };
    }

    private static String ops(Wiring wiring) {
        if (wiring == null) {
            return "";
        }
        return wiring.wires().isEmpty() ? "no ops" : wiring.toString();
    }

    static String results(List<ChangeResult> results, String state) {
        List<String> lines = new ArrayList<>();
        for (ChangeResult result : results) {
            String head = result.model() + " version " + result.version();
            if (!result.explanation().isEmpty()) {
                lines.add(head
                        + (result.after() == null ? " does not serve: " : " goes on as before: ")
                        + result.explanation());
                continue;
            }
            String now = result.after() == null ? "nothing, because it is not loaded" : ops(result.after());
            boolean moved = result.before() != null && !result.before().equals(result.after());
            lines.add(head + (moved ? " went from " + ops(result.before()) + " to " : " serves with ") + now + " and "
                    + state + ".");
        }
        return String.join("\n", lines);
    }

    static String history(String model, List<WiringChange> changes) {
        Table table = new Table("TIME", "VERSION", "CAUSE", "OPS", "DIFFERENCE");
        for (WiringChange change : changes) {
            table.row(change.time(), change.version(), cause(change.cause()), ops(change.wiring()), change.detail());
        }
        return table.isEmpty() ? "Nothing of " + model + " has served yet." : table.toString();
    }

    private static String cause(WiringChange.Cause cause) {
        return switch (cause) {
            case STARTED -> "server or backend started";
            case OPS -> "op bundles changed";
            case FILES -> "model files changed";
            case LOADED -> "load request";
            case ROLLBACK -> "rollback";
            case RELEASE -> "release";
        };
    }

    static String retained(Retained retained) {
        Table table = new Table("LIBRARY FROM", "DIGEST", "FRAMEWORK", "MIB", "USED BY");
        for (RetainedLibrary library : retained.libraries()) {
            table.row(
                    library.bundle(),
                    Words.digest(library.digest()),
                    library.framework(),
                    mebibytes(library.bytes()),
                    library.inUse() ? String.join(", ", library.users()) : "(not in use)");
        }
        if (table.isEmpty()) {
            return "No op library is loaded.";
        }
        List<RetainedLibrary> unused = retained.unused();
        return table + "\n\n"
                + retained.libraries().size() + " loaded, " + mebibytes(Retained.bytes(retained.libraries()))
                + " MiB; of these not in use " + unused.size() + ", " + mebibytes(Retained.bytes(unused)) + " MiB.\n"
                + limits(retained);
    }

    private static String limits(Retained retained) {
        List<String> limits = new ArrayList<>();
        if (retained.maxUnused() > 0) {
            limits.add(retained.maxUnused() + " libraries");
        }
        if (retained.maxUnusedBytes() > 0) {
            limits.add(mebibytes(retained.maxUnusedBytes()) + " MiB");
        }
        return limits.isEmpty()
                ? "No limit; serve --max-retained-libraries sets one."
                : "New libraries are refused once " + String.join(" or ", limits) + " are not in use.";
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.2f", bytes / MIB);
    }
}
