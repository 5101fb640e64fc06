package io.opgraft.tensorrt.internal;

import io.opgraft.backend.DataType;

/** TensorRT's datatypes by their numbers. */
final class Types {
    private static final DataType[] BY_NUMBER = {
        DataType.FP32,
        DataType.FP16,
        DataType.INT8,
        DataType.INT32,
        DataType.BOOL,
        DataType.UINT8,
        null,
        DataType.BF16,
        DataType.INT64
    };

    private Types() {}

    /** Null for FP8, INT4 and whatever comes later, which the protocol does not have. */
    static DataType of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    }
}
