package io.opgraft.models;

/**
 * What a rollback or a release did to one model version.
 *
 * @param model model name
 * @param version the model's version
 * @param before what served before; null if nothing did
 * @param after what serves now; null if nothing does
 * @param explanation why it is not as it was wanted; empty if it is
 */
public record ChangeResult(String model, long version, Wiring before, Wiring after, Explanation explanation) {}
