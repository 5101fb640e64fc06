package io.opgraft.models;

import java.util.List;

/**
 * What a change of the op bundles would do. Nothing was changed to find out.
 *
 * @param assumed the change that was judged, a whole sentence
 * @param findings what an inspected file has against it, whole sentences; empty if there is no file or nothing to say
 * @param effects one for each model version that needs an op of the bundle, ordered by model and version
 * @param unused op bundles that serve a model now and would serve none, as symbolic name and version
 */
public record Impact(String assumed, List<String> findings, List<Effect> effects, List<String> unused) {
    /** Takes copies. */
    public Impact {
        findings = List.copyOf(findings);
        effects = List.copyOf(effects);
        unused = List.copyOf(unused);
    }

    /** How a model version would fare. */
    public enum Fate {
        /** Another wiring would serve. */
        MOVES,
        /** It waits now and would serve. */
        GAINS,
        /** It would lose an op. */
        LOSES,
        /** What serves would go on serving. */
        STAYS,
        /** It does not serve now and would not then either. */
        WAITS
    }

    /**
     * The effect on one model version.
     *
     * @param model model name
     * @param version the model's version
     * @param fate how it would fare
     * @param before what serves now; null if nothing does
     * @param after what would serve; null if nothing would
     * @param why why it stays or loses; empty if there is nothing to say
     */
    public record Effect(String model, long version, Fate fate, Wiring before, Wiring after, String why) {}
}
