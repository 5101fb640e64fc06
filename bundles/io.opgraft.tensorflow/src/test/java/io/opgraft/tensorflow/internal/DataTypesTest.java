package io.opgraft.tensorflow.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.GraphDef;

class DataTypesTest {
    private static LoadedModel identity(DataType datatype) throws Exception {
        org.tensorflow.proto.DataType type = org.tensorflow.proto.DataType.forNumber(Types.number(datatype));
        GraphDef graph = Graphs.graph(Graphs.placeholder("x", type), Graphs.identity("y", type, "x"));
        return Lab.BACKEND.load(Lab.source(Graphs.write(graph), Map.of()), Map.of());
    }

    private static byte[] strings(String... values) {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        for (String value : values) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            buffer.putInt(bytes.length).put(bytes);
        }
        byte[] content = new byte[buffer.position()];
        buffer.flip().get(content);
        return content;
    }

    private static byte[] roundTrip(LoadedModel model, DataType datatype, byte[] content, long... shape)
            throws Exception {
        try (Tensor x = Lab.tensor(model, datatype, content, shape);
                Outputs outputs = model.run(Map.of("x", x), List.of("y"))) {
            Tensor y = outputs.tensors().get(0);
            assertEquals(datatype, y.datatype());
            assertEquals(Shape.of(shape), y.shape());
            return Lab.content(y);
        }
    }

    @ParameterizedTest
    @EnumSource(value = DataType.class, mode = EnumSource.Mode.EXCLUDE, names = "BYTES")
    void bytesOfEveryTypeComeBack(DataType datatype) throws Exception {
        byte[] content = new byte[6 * datatype.size()];
        new Random(1).nextBytes(content);
        if (datatype == DataType.BOOL) {
            content = new byte[] {0, 1, 1, 0, 1, 0};
        }
        try (LoadedModel model = identity(datatype)) {
            assertArrayEquals(content, roundTrip(model, datatype, content, 2, 3));
            assertArrayEquals(new byte[0], roundTrip(model, datatype, new byte[0], 0, 3));
            byte[] one = new byte[datatype.size()];
            assertArrayEquals(one, roundTrip(model, datatype, one));
        }
    }

    @Test
    void everyTypeOfTheProtocolHasOneInTensorFlow() {
        for (DataType datatype : DataType.values()) {
            assertEquals(datatype, Types.of(Types.number(datatype)));
            assertNotNull(org.tensorflow.proto.DataType.forNumber(Types.number(datatype)));
        }
    }

    @Test
    void stringsComeBack() throws Exception {
        try (LoadedModel model = identity(DataType.BYTES)) {
            byte[] content = strings("", "short", "x".repeat(22), "y".repeat(23), "z".repeat(5000), "\u00e4\u0000b");
            for (int i = 0; i < 100; i++) {
                assertArrayEquals(content, roundTrip(model, DataType.BYTES, content, 2, 3));
            }
            assertArrayEquals(new byte[0], roundTrip(model, DataType.BYTES, new byte[0], 0));
            assertArrayEquals(strings("one"), roundTrip(model, DataType.BYTES, strings("one")));
        }
    }

    @Test
    void stringsOutliveTheirInput() throws Exception {
        try (LoadedModel model = identity(DataType.BYTES)) {
            byte[] content = strings("a".repeat(100), "b".repeat(100));
            Tensor x = Lab.tensor(model, DataType.BYTES, content, 2);
            try (Outputs outputs = model.run(Map.of("x", x), List.of("y"))) {
                x.close();
                // Output of one run as input of the next.
                try (Outputs again = model.run(Map.of("x", outputs.tensors().get(0)), List.of("y"))) {
                    assertArrayEquals(content, Lab.content(again.tensors().get(0)));
                }
            }
        }
    }

    @Test
    void malformedStringsAreTheClientsFault() throws Exception {
        try (LoadedModel model = identity(DataType.BYTES)) {
            refused(model, new byte[] {1, 0, 0}, "ends earlier", 1);
            refused(model, new byte[] {4, 0, 0, 0, 'a'}, "ends earlier", 1);
            refused(model, new byte[] {-1, -1, -1, -1, 'a'}, "ends earlier", 1);
            refused(model, strings("a", "b"), "more than the 1 elements", 1);
            refused(model, strings("a"), "fewer than the 2 elements", 2);
            refused(model, strings("a"), "more than the 0 elements", 0);
        }
    }

    private static void refused(LoadedModel model, byte[] content, String reason, long... shape) {
        InferenceException e =
                assertThrows(InferenceException.class, () -> roundTrip(model, DataType.BYTES, content, shape));
        assertTrue(e.clientFault());
        assertTrue(e.getMessage().startsWith("input \"x\""), e.getMessage());
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }

    @Test
    void booleansAreNothingButZeroAndOne() throws Exception {
        try (LoadedModel model = identity(DataType.BOOL)) {
            InferenceException e =
                    assertThrows(InferenceException.class, () -> roundTrip(model, DataType.BOOL, new byte[] {1, 2}, 2));
            assertTrue(e.clientFault());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 15, 17, 1L + Integer.MAX_VALUE})
    void sizesThatDoNotFitTheShapeAreRefused(long size) throws Exception {
        try (LoadedModel model = identity(DataType.FP32)) {
            InferenceException e =
                    assertThrows(InferenceException.class, () -> model.allocate(DataType.FP32, Shape.of(4), size));
            assertTrue(e.clientFault());
        }
    }

    @Test
    void aClosedTensorIsNotTouched() throws Exception {
        try (LoadedModel model = identity(DataType.FP32)) {
            Tensor x = Lab.floats(model, 1, 2);
            x.close();
            x.close();
            assertThrows(IllegalStateException.class, x::buffer);
            assertThrows(IllegalStateException.class, () -> model.run(Map.of("x", x), List.of("y")));
        }
    }
}
