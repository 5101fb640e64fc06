package io.opgraft.ops.internal;

/**
 * One {@code opgraft.op} capability of a bundle.
 *
 * @param candidate what it says, as far as it can be read
 * @param library bundle entry of the library; empty if it is refused
 * @param refusal what is wrong with the capability; empty if nothing is
 */
record Declared(Candidate candidate, String library, String refusal) {
    static Declared refused(Candidate candidate, String refusal) {
        return new Declared(candidate, "", refusal);
    }

    boolean valid() {
        return refusal.isEmpty();
    }
}
