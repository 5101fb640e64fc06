/** Metrics. Not exported. */
package io.opgraft.metrics.internal;
