package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {
    /** Through a double each of these would round to the other neighbour. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.00000017881393432617187499",
                "1.00000017881393432617187501",
                "1.000000059604644775390625000001",
                "0.000000000000000000000000000000000000000000000700649232162408535461864791644958065640130970938257885878534141944895541342930300743319094181060791015625",
                "9007199791611905",
                "9007199254740993",
                "36028797018963969",
                "16777217.0000001",
                "123456789012345678901234567890",
            })
    void floatsRoundOnce(String text) throws HttpFailure {
        assertEquals(
                Float.parseFloat(text),
                NumberTests.read(DataType.FP32, List.of(text)).getFloat());
        assertEquals(
                Float.parseFloat("-" + text),
                NumberTests.read(DataType.FP32, List.of("-" + text)).getFloat());
    }

    @ParameterizedTest
    @CsvSource({"2049, 2048", "2049.0000000000000000001, 2050", "2050.9999999999999999999, 2050", "2051, 2052"})
    void halvesRoundOnce(String text, float expected) throws HttpFailure {
        assertEquals(
                expected,
                Halves.FP16.decode(
                        NumberTests.read(DataType.FP16, List.of(text)).getShort()));
    }

    @Test
    void floatsComeBackExactly() throws Exception {
        Random random = new Random(11);
        ByteBuffer floats = ByteBuffer.allocate(4 * 50_000).order(ByteOrder.LITTLE_ENDIAN);
        List<String> texts = new ArrayList<>();
        while (floats.hasRemaining()) {
            float value = Float.intBitsToFloat(random.nextInt());
            if (Float.isFinite(value)) {
                floats.putFloat(value);
                texts.add(Float.toString(value));
            }
        }
        assertArrayEquals(floats.array(), NumberTests.read(DataType.FP32, texts).array());
        String[] shortest = NumberTests.write(DataType.FP32, floats.flip());
        assertArrayEquals(
                floats.array(),
                NumberTests.read(DataType.FP32, List.of(shortest)).array());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FP64|0.002|0.002",
                "FP64|2e23|2e23",
                "FP64|4.9E-324|5e-324",
                "FP64|1.7976931348623157e308|1.7976931348623157e308",
                "FP64|9007199254740993|9007199254740992.0",
                "FP64|1e20|100000000000000000000.0",
                "FP64|1e21|1e21",
                "FP64|1.5e21|1.5e21",
                "FP64|123456.789|123456.789",
                "FP64|0.00001234|0.00001234",
                "FP64|0.000001234|0.000001234",
                "FP64|0.0000001234|1.234e-7",
                "FP64|-0|-0.0",
                "FP64|100|100.0",
                "FP64|-0.1|-0.1",
                "FP32|1e10|10000000000.0",
                "FP32|0.1|0.1",
                "FP32|16777216|16777216.0",
                "FP32|1e-45|1e-45",
                "FP32|3.4028235e38|3.4028235e38",
                "FP32|8.5899346E9|8589935000.0",
                "FP32|33554432|33554432.0",
                "FP16|65504|65504.0",
                "BF16|-1.5|-1.5",
                "FP64|NaN|NaN",
                "FP32|-Infinity|-Infinity",
            })
    void howNumbersLook(DataType type, String in, String out) throws Exception {
        assertArrayEquals(new String[] {out}, NumberTests.write(type, NumberTests.read(type, List.of(in))));
    }

    @ParameterizedTest
    @EnumSource(names = {"UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64"})
    void integersEndExactly(DataType type) throws Exception {
        int bits = 8 * type.size();
        boolean signed = type.name().startsWith("I");
        BigInteger max = BigInteger.ONE.shiftLeft(signed ? bits - 1 : bits).subtract(BigInteger.ONE);
        BigInteger min = signed ? max.negate().subtract(BigInteger.ONE) : BigInteger.ZERO;
        List<String> inside = new ArrayList<>();
        Random random = new Random(3);
        for (int i = 0; i < 100; i++) {
            inside.add(min.add(BigInteger.valueOf(i)).toString());
            inside.add(max.subtract(BigInteger.valueOf(i)).toString());
            inside.add(new BigInteger(bits, random).add(min).toString());
        }
        assertArrayEquals(inside.toArray(), NumberTests.write(type, NumberTests.read(type, inside)));
        assertEquals("0", NumberTests.write(type, NumberTests.read(type, List.of("-0")))[0]);
        for (int i = 1; i < 100; i++) {
            BigInteger beyond = i < 50 ? BigInteger.valueOf(i) : BigInteger.ONE.shiftLeft(i);
            String text = max.add(beyond).toString();
            assertEquals("(" + shown(text) + ") is out of range for " + type, NumberTests.fault(type, text));
            assertNotNull(NumberTests.fault(type, min.subtract(beyond).toString()));
        }
        assertNotNull(NumberTests.fault(type, "9".repeat(900)));
    }

    private static String shown(String text) {
        return text.length() > 40 ? text.substring(0, 40) + "..." : text;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "+1",
                "01",
                "-01",
                "00",
                "1.",
                ".5",
                "-.5",
                "1e",
                "1e+",
                "1.e1",
                "0x1",
                "1_0",
                "Inf",
                "-Inf",
                "nan",
                "-NaN",
                "Infinit",
                "Infinity1",
                "tru",
                "truex",
                "nul",
                "\u00e4",
                "--1",
                "1.5.",
                "\u0000"
            })
    void whatIsNoNumber(String text) {
        for (DataType type : List.of(DataType.FP32, DataType.FP64, DataType.INT32)) {
            assertEquals(2, run(type, "1, 2," + text + ",3", 9), type + " takes " + text);
        }
        for (DataType type : List.of(DataType.FP32, DataType.INT32, DataType.BOOL)) {
            boolean refused;
            try (Segments json = NumberTests.segments(text + "]")) {
                JsonWindow in = new JsonWindow(json, 0);
                refused = NumberReader.of(type, ByteBuffer.allocate(8)).read(in, in.space()) != null
                        || in.bytes[in.at] != ']';
            } catch (HttpFailure e) {
                assertEquals(400, e.status());
                assertTrue(e.getMessage().contains("is not valid JSON"), e.getMessage());
                refused = true;
            }
            assertTrue(refused, type + " takes " + text);
        }
    }

    @Test
    void longNumbers() throws Exception {
        String thousand = "1" + "0".repeat(JsonWindow.LONGEST - 5) + "e-99";
        assertNull(NumberTests.fault(DataType.FP64, "0." + "0".repeat(900) + "1e900"));
        assertEquals(
                "0.1",
                NumberTests.write(
                        DataType.FP64, NumberTests.read(DataType.FP64, List.of("0." + "0".repeat(900) + "1e900")))[0]);
        assertEquals(1000, thousand.length());
        assertThrows(HttpFailure.class, () -> NumberTests.fault(DataType.FP64, thousand + "0"));
        assertThrows(HttpFailure.class, () -> NumberTests.fault(DataType.FP64, "1".repeat(20_000)));
        assertNull(NumberTests.fault(DataType.FP64, "0e999999999999999999999999"));
        assertNull(NumberTests.fault(DataType.FP64, "1e-999999999999999999999999"));
        assertNotNull(NumberTests.fault(DataType.FP64, "1e999999999999999999999999"));
    }

    /** Numbers of all lengths, so that some of them lie across the ends of buffers and windows. */
    @Test
    void numbersAcrossBuffers() throws Exception {
        List<String> texts = new ArrayList<>();
        Random random = new Random(5);
        for (int i = 0; i < 40_000; i++) {
            String number = Double.toString(random.nextGaussian());
            texts.add(" ".repeat(random.nextInt(4)) + number + "\n".repeat(random.nextInt(2)));
        }
        ByteBuffer read;
        ByteBuffer target = ByteBuffer.allocate(8 * texts.size()).order(ByteOrder.LITTLE_ENDIAN);
        try (Segments json = NumberTests.segments(String.join(",", texts) + " ".repeat(70_000) + "]")) {
            JsonWindow in = new JsonWindow(json, 0);
            ElementReader reader = NumberReader.of(DataType.FP64, target);
            for (String text : texts) {
                assertNull(reader.read(in, in.space()), text);
                assertTrue(in.space() == ',' || in.space() == ']');
                in.at++;
            }
            assertEquals(json.size(), in.position());
            read = target.flip();
        }
        for (String text : texts) {
            assertEquals(Double.parseDouble(text.trim()), read.getDouble());
        }
    }

    /** How many of the values at the start of a long list are read in one run. */
    private static int run(DataType type, String values, int most) {
        ByteBuffer target = ByteBuffer.allocate(100);
        try (Segments json = NumberTests.segments(values + " ".repeat(NumberRun.LONGEST) + "]")) {
            JsonWindow in = new JsonWindow(json, 0);
            int n = NumberReader.of(type, target).readRun(in, most);
            assertEquals(n * type.size(), target.position());
            assertEquals(n == 0 ? ' ' : ',', (" " + values).charAt(in.at));
            return n;
        }
    }

    @Test
    void whereRunsEnd() {
        assertEquals(3, run(DataType.FP32, "1,-2.5, 0.123456789012345,4]", 9));
        assertEquals(2, run(DataType.FP32, "1,2,3,4,5", 2));
        assertEquals(0, run(DataType.FP32, "1,2,3", 0));
        assertEquals(1, run(DataType.FP64, "1,2 ,3", 9));
        assertEquals(1, run(DataType.FP32, "1,1.00000017881393432,3", 9), "between two floats");
        assertEquals(1, run(DataType.FP64, "1,0.1234567890123456789,3", 9), "more digits than fit");
        assertEquals(1, run(DataType.FP32, "1,12345678,3", 9), "more digits than are looked at");
        assertEquals(2, run(DataType.INT8, "-128,127,128,1", 9));
        assertEquals(1, run(DataType.UINT8, "255,-1,1", 9));
        assertEquals(1, run(DataType.INT64, "1,1.0,1", 9));
        assertEquals(0, run(DataType.BOOL, "1,1,1", 9));
    }
}
