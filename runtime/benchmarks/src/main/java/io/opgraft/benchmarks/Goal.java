package io.opgraft.benchmarks;

import java.util.Locale;

/**
 * What a figure should be.
 *
 * @param limit the edge, which still counts as met
 * @param atMost whether less is better
 */
record Goal(double limit, boolean atMost) {
    static Goal atLeast(double limit) {
        return new Goal(limit, false);
    }

    static Goal atMost(double limit) {
        return new Goal(limit, true);
    }

    boolean isMet(double figure) {
        return atMost ? figure <= limit : figure >= limit;
    }

    /** The goal and whether the figure meets it. */
    String verdict(double figure) {
        String edge = (atMost ? "<= " : ">= ")
                + (limit == Math.rint(limit) ? String.format(Locale.ROOT, "%.0f", limit) : Double.toString(limit));
        return Double.isNaN(figure) ? edge : edge + (isMet(figure) ? ": met" : ": missed");
    }
}
