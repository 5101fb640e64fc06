package io.opgraft.probe;

/** How an op library can live beside others, and beside other versions of itself, in one process. Ordered, best first. */
public enum Verdict {
    /** As it is. */
    ISOLATABLE("isolatable"),
    /** When its private copy is changed first, which the server does. */
    ISOLATABLE_AFTER_REPAIR("isolatable after repair"),
    /** It takes something of the process that a second version of it would take again. */
    ONE_VERSION_ONLY("one version only in this process"),
    /** Not at all. */
    REFUSED("refused");

    private final String text;

    Verdict(String text) {
        this.text = text;
    }

    /**
     * The worse of two.
     *
     * @param other another verdict
     * @return this or the other
     */
    public Verdict worst(Verdict other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** In words, such as {@code isolatable after repair}. */
    @Override
    public String toString() {
        return text;
    }
}
