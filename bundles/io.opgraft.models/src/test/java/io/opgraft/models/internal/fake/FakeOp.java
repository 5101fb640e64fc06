package io.opgraft.models.internal.fake;

import io.opgraft.backend.OpRequirement;

/** A requirement; {@code attribute} is what the model's nodes set, or empty. */
public record FakeOp(String op, String attribute) implements OpRequirement {
    /** An op without attributes. */
    public static FakeOp of(String op) {
        return new FakeOp(op, "");
    }
}
