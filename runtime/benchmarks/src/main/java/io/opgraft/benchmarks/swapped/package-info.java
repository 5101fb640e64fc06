/** A class for op bundles that the benchmarks update, so that each version of them has a class loader. */
package io.opgraft.benchmarks.swapped;
