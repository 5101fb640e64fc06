package io.opgraft.benchmarks;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Writes a TensorFlow graph, a GraphDef in the form of protocol buffers, node by node. */
final class GraphWriter {
    private static final int FLOAT = 1;
    private static final int INT32 = 3;

    // The version of GraphDef that TensorFlow 2.18 writes.
    private static final byte[] VERSIONS = HexFormat.of().parseHex("220308da0e");

    private final ByteArrayOutputStream graph = new ByteArrayOutputStream();

    /** A float input; -1 stands for any length. */
    GraphWriter placeholder(String name, long... dimensions) {
        return node(name, "Placeholder", Map.of("dtype", type(FLOAT), "shape", message(7, shape(dimensions))));
    }

    /** Floats that are part of the graph. */
    GraphWriter constant(String name, float[] values, long... dimensions) {
        ByteBuffer content = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        content.asFloatBuffer().put(values);
        return constant(name, FLOAT, content.array(), dimensions);
    }

    /** A vector of integers that is part of the graph. */
    GraphWriter integers(String name, int... values) {
        ByteBuffer content = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        content.asIntBuffer().put(values);
        return constant(name, INT32, content.array(), values.length);
    }

    private GraphWriter constant(String name, int type, byte[] content, long... dimensions) {
        ByteArrayOutputStream tensor = new ByteArrayOutputStream();
        number(tensor, 1, type);
        bytes(tensor, 2, shape(dimensions));
        bytes(tensor, 4, content);
        return node(name, "Const", Map.of("dtype", type(type), "value", message(8, tensor.toByteArray())));
    }

    /** A node on floats whose attributes but {@code T} have their defaults. */
    GraphWriter simple(String name, String op, String... inputs) {
        return node(name, op, Map.of("T", type(FLOAT)), inputs);
    }

    /** A node of an op without attributes, such as one of an op bundle. */
    GraphWriter custom(String name, String op, String... inputs) {
        return node(name, op, Map.of(), inputs);
    }

    /** A convolution with stride 1 that keeps height and width. */
    GraphWriter convolution(String name, String input, String filter) {
        return node(
                name,
                "Conv2D",
                Map.of("T", type(FLOAT), "strides", list(1, 1, 1, 1), "padding", text("SAME")),
                input,
                filter);
    }

    /** Halves height and width, each time to the largest of four. */
    GraphWriter pool(String name, String input) {
        return node(
                name,
                "MaxPool",
                Map.of(
                        "T",
                        type(FLOAT),
                        "ksize",
                        list(1, 2, 2, 1),
                        "strides",
                        list(1, 2, 2, 1),
                        "padding",
                        text("SAME")),
                input);
    }

    /** Another shape, given by a node with integers. */
    GraphWriter reshape(String name, String input, String shape) {
        return node(name, "Reshape", Map.of("T", type(FLOAT), "Tshape", type(INT32)), input, shape);
    }

    /** The graph. */
    byte[] finish() {
        graph.writeBytes(VERSIONS);
        return graph.toByteArray();
    }

    private GraphWriter node(String name, String op, Map<String, byte[]> attributes, String... inputs) {
        ByteArrayOutputStream node = new ByteArrayOutputStream();
        bytes(node, 1, utf8(name));
        bytes(node, 2, utf8(op));
        for (String input : inputs) {
            bytes(node, 3, utf8(input));
        }
        new TreeMap<>(attributes).forEach((key, value) -> {
            ByteArrayOutputStream entry = new ByteArrayOutputStream();
            bytes(entry, 1, utf8(key));
            bytes(entry, 2, value);
            bytes(node, 5, entry.toByteArray());
        });
        bytes(graph, 1, node.toByteArray());
        return this;
    }

    private static byte[] type(int type) {
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        number(value, 6, type);
        return value.toByteArray();
    }

    private static byte[] text(String text) {
        return message(2, utf8(text));
    }

    private static byte[] list(int... values) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        for (int value : values) {
            varint(packed, value);
        }
        return message(1, message(3, packed.toByteArray()));
    }

    private static byte[] shape(long... dimensions) {
        ByteArrayOutputStream shape = new ByteArrayOutputStream();
        for (long dimension : dimensions) {
            ByteArrayOutputStream size = new ByteArrayOutputStream();
            number(size, 1, dimension);
            bytes(shape, 2, size.toByteArray());
        }
        return shape.toByteArray();
    }

    private static byte[] message(int field, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 8);
        bytes(out, field, content);
        return out.toByteArray();
    }

    private static void bytes(ByteArrayOutputStream out, int field, byte[] content) {
        varint(out, (long) field << 3 | 2);
        varint(out, content.length);
        out.writeBytes(content);
    }

    private static void number(ByteArrayOutputStream out, int field, long value) {
        varint(out, (long) field << 3);
        varint(out, value);
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
