package io.opgraft.tensorrt.internal;

import io.opgraft.backend.Signature;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * What was learned of a plan.
 *
 * @param ops plugins that it needs, as far as they are known, ordered
 * @param signature its inputs and outputs; null until it was opened once
 */
record PlanRecord(Set<String> ops, Signature signature) {
    static final PlanRecord NOTHING = new PlanRecord(Set.of(), null);

    /** Takes a copy. */
    PlanRecord {
        Objects.requireNonNull(ops, "ops");
        ops = java.util.Collections.unmodifiableSet(new TreeSet<>(ops));
    }

    PlanRecord withOp(String op) {
        Set<String> more = new TreeSet<>(ops);
        more.add(op);
        return new PlanRecord(more, signature);
    }

    PlanRecord withSignature(Signature known) {
        return new PlanRecord(ops, known);
    }
}
