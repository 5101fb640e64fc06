package io.opgraft.serving;

/**
 * What a model version did with batches of one size since the server started.
 *
 * @param size the first dimension of the inputs; 1 for a model without batches
 * @param executions successful runs with that size
 * @param inputNanos time in which their inputs were put together
 * @param inferNanos time of the runs
 * @param outputNanos time in which the answers were written
 */
public record BatchStatistics(int size, long executions, long inputNanos, long inferNanos, long outputNanos) {}
