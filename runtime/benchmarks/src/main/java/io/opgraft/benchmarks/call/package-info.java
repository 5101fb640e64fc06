/** What the benchmark and its bundles inside the framework share. */
package io.opgraft.benchmarks.call;
