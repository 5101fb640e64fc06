/** Measurements of the product against the same work without it. */
package io.opgraft.benchmarks;
