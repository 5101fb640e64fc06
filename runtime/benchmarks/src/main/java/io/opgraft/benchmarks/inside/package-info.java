/** The bundle of the benchmark inside the framework: models as a Java program there calls them. */
package io.opgraft.benchmarks.inside;
