package io.opgraft.tensorflow.internal;

/**
 * The op-scope library, {@code libopgraft_scope.so}: private op names for each load, and string tensors. Addresses are
 * those of native memory; the methods do not check them.
 */
final class Shim {
    /** Answers of {@link #decodeStrings}. */
    static final long TRUNCATED = -1;

    static final long TOO_FEW = -2;
    static final long TOO_MANY = -3;
    static final long NO_MEMORY = -4;

    private Shim() {}

    /** To be called before TensorFlow is loaded: keeps its informational messages off stderr. */
    static native void quiet();

    /** To be called once, after TensorFlow was loaded; null, or why ops cannot be kept apart. */
    static native String attach();

    /** See {@code scope.h} for parameters and answer. */
    static native byte[] load(byte[] paths, byte[] key, byte[] label, byte[] claims);

    /** Whether TensorFlow or the C and C++ runtime defines a symbol, in one version of it unless that is empty. */
    static native boolean defines(byte[] symbol, byte[] version);

    /** The C++ name that a symbol stands for; null if it stands for none. */
    static native byte[] demangle(byte[] symbol);

    /** A direct buffer over memory. */
    static native java.nio.ByteBuffer view(long address, long size);

    /** Memory from malloc, 0 if there is none. */
    static native long allocate(long size);

    static native void free(long address);

    /** A TF_Tensor of strings made from the protocol's form: its address, or one of the negative answers. */
    static native long decodeStrings(long source, long size, long[] dimensions, long count);

    static native long encodedStringsSize(long strings, long count);

    static native void encodeStrings(long strings, long count, long target);

    /** Whether every byte is 0 or 1. */
    static native boolean areBooleans(long address, long size);
}
