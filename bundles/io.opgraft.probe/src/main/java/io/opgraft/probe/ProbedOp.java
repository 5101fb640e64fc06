package io.opgraft.probe;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * An op as a library really registered it.
 *
 * @param name as the author wrote it
 * @param signature inputs, outputs and attributes in the framework's usual notation, for people
 * @param kernels its implementations
 * @param definition op and kernels in the framework's own encoding; only its backend reads it. Not copied: nobody
 *     changes it
 */
@SuppressWarnings("ArrayRecordComponent") // Opaque and never changed; equality is given below.
public record ProbedOp(String name, String signature, List<ProbedKernel> kernels, byte[] definition) {
    /** Takes a copy of the list. */
    public ProbedOp {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(signature, "signature");
        Objects.requireNonNull(definition, "definition");
        kernels = List.copyOf(kernels);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ProbedOp op
                && name.equals(op.name)
                && signature.equals(op.signature)
                && kernels.equals(op.kernels)
                && Arrays.equals(definition, op.definition);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, signature, kernels, Arrays.hashCode(definition));
    }

    @Override
    public String toString() {
        return name + signature;
    }
}
