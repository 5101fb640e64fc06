package io.opgraft.tensorflow.internal;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_AllocateTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_TensorData;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Shape;
import org.bytedeco.javacpp.Pointer;
import org.tensorflow.internal.c_api.TF_Tensor;

/** A tensor of elements of fixed size: TensorFlow's own memory, nothing is copied. */
final class PlainTensor extends TensorMemory {
    private final TF_Tensor handle;

    private PlainTensor(TF_Tensor handle, DataType datatype, Shape shape, int size) {
        super(datatype, shape, addressOf(TF_TensorData(handle)), size);
        this.handle = handle;
    }

    /** Makes a tensor with undefined content. */
    static PlainTensor allocate(DataType datatype, Shape shape, int size) throws InferenceException {
        long[] dimensions = shape.toArray();
        TF_Tensor handle = TF_AllocateTensor(Types.number(datatype), dimensions, dimensions.length, size);
        if (handle == null) {
            throw new InferenceException("no memory for a tensor of " + size + " bytes", false);
        }
        return new PlainTensor(handle, datatype, shape, size);
    }

    /** Takes over a tensor of TensorFlow's. */
    static PlainTensor of(TF_Tensor handle, DataType datatype, Shape shape, int size) {
        return new PlainTensor(handle, datatype, shape, size);
    }

    long handleAddress() {
        address();
        return handle.address();
    }

    private static long addressOf(Pointer pointer) {
        return pointer == null ? 0 : pointer.address();
    }

    @Override
    void free() {
        TF_DeleteTensor(handle);
    }
}
