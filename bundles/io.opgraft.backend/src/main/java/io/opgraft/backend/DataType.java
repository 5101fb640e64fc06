package io.opgraft.backend;

import java.util.HashMap;
import java.util.Map;

/** Tensor datatypes of the v2 inference protocol, with the names that the protocol and {@code config.pbtxt} use. */
public enum DataType {
    /** One byte, 0 or 1. */
    BOOL(1),
    /** Unsigned, 8 bits. */
    UINT8(1),
    /** Unsigned, 16 bits. */
    UINT16(2),
    /** Unsigned, 32 bits. */
    UINT32(4),
    /** Unsigned, 64 bits. */
    UINT64(8),
    /** Signed, 8 bits. */
    INT8(1),
    /** Signed, 16 bits. */
    INT16(2),
    /** Signed, 32 bits. */
    INT32(4),
    /** Signed, 64 bits. */
    INT64(8),
    /** IEEE 754 half precision. */
    FP16(2),
    /** The upper half of an IEEE 754 single. */
    BF16(2),
    /** IEEE 754 single precision. */
    FP32(4),
    /** IEEE 754 double precision. */
    FP64(8),
    /** Byte strings, each with a little-endian length of 4 bytes before it. */
    BYTES(0);

    private static final Map<String, DataType> BY_NAME = new HashMap<>();

    static {
        for (DataType type : values()) {
            BY_NAME.put(type.name(), type);
            BY_NAME.put(type.configName(), type);
        }
    }

    private final int size;

    DataType(int size) {
        this.size = size;
    }

    /**
     * The size of one element.
     *
     * @return bytes, 0 for {@link #BYTES}, whose elements differ in size
     */
    public int size() {
        return size;
    }

    /**
     * The name in {@code config.pbtxt}.
     *
     * @return {@code TYPE_} and the protocol's name, {@code TYPE_STRING} for {@link #BYTES}
     */
    public String configName() {
        return this == BYTES ? "TYPE_STRING" : "TYPE_" + name();
    }

    /**
     * Finds a datatype by either of its names.
     *
     * @param name a name of the protocol or of {@code config.pbtxt}
     * @return the datatype, or null if there is none of that name
     */
    public static DataType byName(String name) {
        return BY_NAME.get(name);
    }
}
