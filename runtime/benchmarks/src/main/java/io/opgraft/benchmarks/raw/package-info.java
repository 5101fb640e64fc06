/** TensorFlow's C API without the product; a fragment of the TensorFlow bundle, whose class path has JavaCPP. */
package io.opgraft.benchmarks.raw;
