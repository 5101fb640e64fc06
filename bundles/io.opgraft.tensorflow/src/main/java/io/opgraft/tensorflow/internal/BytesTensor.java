package io.opgraft.tensorflow.internal;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_TensorData;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Shape;
import org.bytedeco.javacpp.Pointer;
import org.tensorflow.internal.c_api.TF_Tensor;

/** A tensor of strings in the protocol's form, a length before each. TensorFlow's own form is made for each run. */
final class BytesTensor extends TensorMemory {
    private BytesTensor(Shape shape, long address, int size) {
        super(DataType.BYTES, shape, address, size);
    }

    /** Makes a tensor with undefined content. */
    static BytesTensor allocate(Shape shape, int size) throws InferenceException {
        long address = Shim.allocate(size);
        if (address == 0) {
            throw new InferenceException("no memory for a tensor of " + size + " bytes", false);
        }
        return new BytesTensor(shape, address, size);
    }

    /** Copies TensorFlow's strings. */
    static BytesTensor of(TF_Tensor handle, Shape shape, String name) throws InferenceException {
        Pointer data = TF_TensorData(handle);
        long count = data == null ? 0 : shape.elementCount();
        long strings = data == null ? 0 : data.address();
        long size = Shim.encodedStringsSize(strings, count);
        if (size > Integer.MAX_VALUE) {
            throw new InferenceException("output \"" + name + "\" has " + size + " bytes, more than 2 GiB", false);
        }
        BytesTensor tensor = allocate(shape, (int) size);
        Shim.encodeStrings(strings, count, tensor.address());
        return tensor;
    }

    /** A TF_Tensor with the same strings; its address, freed by the caller. */
    long decode(String name) throws InferenceException {
        long count = shape().elementCount();
        long tensor = Shim.decodeStrings(address(), size(), shape().toArray(), count);
        if (tensor == Shim.NO_MEMORY) {
            throw new InferenceException("no memory for the strings of input \"" + name + "\"", false);
        }
        if (tensor == Shim.TRUNCATED) {
            throw new InferenceException(
                    "input \"" + name + "\": its BYTES content is malformed: a length of 4 bytes and"
                            + " as many bytes as it says were expected for each element, but the content ends earlier",
                    true);
        }
        if (tensor == Shim.TOO_FEW || tensor == Shim.TOO_MANY) {
            throw new InferenceException(
                    "input \"" + name + "\": its BYTES content holds " + (tensor == Shim.TOO_FEW ? "fewer" : "more")
                            + " than the " + count + " elements of shape " + shape(),
                    true);
        }
        return tensor;
    }

    @Override
    void free() {
        Shim.free(address);
    }
}
