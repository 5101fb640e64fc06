package io.opgraft.tensorflow.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.tensorflow.proto.TensorShapeProto;

/** Element types and shapes, between the protocol's and TensorFlow's. */
final class Types {
    private static final Map<DataType, Integer> TO_TENSORFLOW = new EnumMap<>(DataType.class);
    private static final Map<Integer, DataType> FROM_TENSORFLOW = new HashMap<>();

    static {
        pair(DataType.FP32, org.tensorflow.proto.DataType.DT_FLOAT);
        pair(DataType.FP64, org.tensorflow.proto.DataType.DT_DOUBLE);
        pair(DataType.FP16, org.tensorflow.proto.DataType.DT_HALF);
        pair(DataType.BF16, org.tensorflow.proto.DataType.DT_BFLOAT16);
        pair(DataType.INT8, org.tensorflow.proto.DataType.DT_INT8);
        pair(DataType.INT16, org.tensorflow.proto.DataType.DT_INT16);
        pair(DataType.INT32, org.tensorflow.proto.DataType.DT_INT32);
        pair(DataType.INT64, org.tensorflow.proto.DataType.DT_INT64);
        pair(DataType.UINT8, org.tensorflow.proto.DataType.DT_UINT8);
        pair(DataType.UINT16, org.tensorflow.proto.DataType.DT_UINT16);
        pair(DataType.UINT32, org.tensorflow.proto.DataType.DT_UINT32);
        pair(DataType.UINT64, org.tensorflow.proto.DataType.DT_UINT64);
        pair(DataType.BOOL, org.tensorflow.proto.DataType.DT_BOOL);
        pair(DataType.BYTES, org.tensorflow.proto.DataType.DT_STRING);
    }

    private Types() {}

    private static void pair(DataType ours, org.tensorflow.proto.DataType theirs) {
        TO_TENSORFLOW.put(ours, theirs.getNumber());
        FROM_TENSORFLOW.put(theirs.getNumber(), ours);
    }

    /** TensorFlow's number for a datatype; it has one for each. */
    static int number(DataType datatype) {
        return TO_TENSORFLOW.get(datatype);
    }

    /** The datatype of a number, or null if requests cannot carry it. */
    static DataType of(int number) {
        return FROM_TENSORFLOW.get(number);
    }

    /** A declared shape, or null if even the rank is open. */
    static Shape shape(TensorShapeProto proto) {
        if (proto.getUnknownRank()) {
            return null;
        }
        long[] dimensions = new long[proto.getDimCount()];
        for (int i = 0; i < dimensions.length; i++) {
            dimensions[i] = Math.max(Shape.ANY, proto.getDim(i).getSize());
        }
        return Shape.of(dimensions);
    }
}
