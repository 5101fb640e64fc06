package io.opgraft.tensorflow.internal;

import org.bytedeco.javacpp.Pointer;
import org.tensorflow.internal.c_api.TF_Tensor;

/** JavaCPP objects over addresses. None of them owns what it points to, so none leaves work for a clean-up thread. */
final class Handles {
    private Handles() {}

    /** Memory. */
    static final class Address extends Pointer {
        Address(long value) {
            super((Pointer) null);
            address = value;
        }
    }

    /** A tensor of TensorFlow's. */
    static final class TensorHandle extends TF_Tensor {
        TensorHandle(long value) {
            super((Pointer) null);
            address = value;
        }
    }
}
