package io.opgraft.models.internal.resolve;

import io.opgraft.backend.OpRequirement;
import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.Explanation.Reason;
import io.opgraft.models.internal.resolve.Candidates.Judgement;
import io.opgraft.ops.OpProvider;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects the op libraries that were passed over although the model may use them, with the reasons. */
final class Notes {
    private final Candidates candidates;
    private final Map<String, Reason> notes = new LinkedHashMap<>();

    Notes(Candidates candidates) {
        this.candidates = candidates;
    }

    List<Reason> list() {
        return new ArrayList<>(notes.values());
    }

    /** Looks at the other providers of some ops that one bundle provides. Judges none that the choice did not ask about. */
    void add(List<OpRequirement> ops, Map<String, OpProvider> chosen) {
        for (OpRequirement requirement : ops) {
            OpProvider taken = chosen.get(requirement.op());
            for (OpProvider other : candidates.of(requirement)) {
                Judgement judgement = candidates.known(other, requirement);
                boolean same = other.bundle().equals(taken.bundle());
                if (judgement != null && !(same && candidates.bestFirst().compare(other, taken) >= 0)) {
                    add(requirement.op(), ops, other, judgement, same);
                }
            }
        }
    }

    private void add(String op, List<OpRequirement> ops, OpProvider other, Judgement judgement, boolean sameBundle) {
        switch (judgement.verdict()) {
            case MISMATCH ->
                note(
                        Kind.SCHEMA_MISMATCH,
                        op,
                        other,
                        "it does not define the op as the model expects: " + judgement.detail(),
                        "Export the model anew with that version to have it used.");
            case REFUSED ->
                note(
                        Kind.LIBRARY_REFUSED,
                        op,
                        other,
                        "its library was refused: " + judgement.detail(),
                        "Deploy a version of " + other.bundle() + " whose library can be used.");
            case STOPPED ->
                note(Kind.BUNDLE_STOPPED, op, other, ExplanationWriter.stopped(other), ExplanationWriter.start(other));
            case FITS -> {
                List<String> lacks = ops.stream()
                        .map(OpRequirement::op)
                        .filter(name -> !other.ops().contains(name))
                        .toList();
                if (sameBundle && !lacks.isEmpty()) {
                    note(
                            Kind.VERSION_OUTSIDE_RANGE,
                            op,
                            other,
                            "it does not provide " + String.join(", ", lacks)
                                    + ", and a model takes all ops of a bundle from one version",
                            "Deploy a version of " + other.bundle() + " that provides all of them.");
                }
            }
            default -> {
                // What the configuration excludes needs no note, and what is on trial and cannot win neither.
            }
        }
    }

    private void note(Kind kind, String op, OpProvider other, String why, String remedy) {
        String text = ExplanationWriter.bare(why);
        notes.putIfAbsent(
                other.label() + " " + kind + " " + text,
                new Reason(
                        kind,
                        op,
                        other.label(),
                        other.label() + " was passed over for op " + op + ": " + text + ".",
                        remedy));
    }
}
