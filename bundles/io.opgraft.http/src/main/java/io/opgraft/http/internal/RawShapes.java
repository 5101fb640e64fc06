package io.opgraft.http.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import io.opgraft.backend.TensorSpec;

/** Finds the shape of an input that comes as bare bytes. */
final class RawShapes {
    private RawShapes() {}

    /**
     * The only shape that fits.
     *
     * @param batched whether the first dimension is a batch, which is then 1 if another dimension is open
     */
    static Shape deduce(TensorSpec input, boolean batched, long size) throws HttpFailure {
        String label = "input '" + input.name() + "'";
        if (input.shape() == null) {
            throw HttpFailure.badRequest(label + " may have any number of dimensions; a JSON part must tell its shape");
        }
        long[] shape = input.shape().toArray();
        if (batched && shape.length > 0 && shape[0] == Shape.ANY) {
            shape[0] = 1;
        }
        int open = -1;
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] == Shape.ANY) {
                if (open >= 0) {
                    throw HttpFailure.badRequest(label + " with shape " + input.shape()
                            + " has more than one open dimension; a JSON part must tell its shape");
                }
                open = i;
                shape[i] = 1;
            }
        }
        Shape one = Shape.of(shape);
        boolean strings = input.datatype() == DataType.BYTES;
        long unit = strings
                ? TensorSizes.count(label, one)
                : TensorSizes.bytes(label, input.datatype(), one, TensorSizes.count(label, one));
        if (strings) {
            if (unit != 1) {
                throw HttpFailure.badRequest(label + " with shape " + input.shape()
                        + " takes more than one string; a request without a JSON part can only give one");
            }
            return one;
        }
        if (open >= 0 && unit > 0 && size % unit == 0) {
            shape[open] = size / unit;
        } else if (unit != size) {
            throw HttpFailure.badRequest(label + " with shape " + input.shape() + " of " + input.datatype()
                    + " does not fit a body of " + size + " bytes");
        }
        return Shape.of(shape);
    }
}
