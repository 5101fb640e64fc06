package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.opgraft.backend.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jetty.io.ByteBufferPool;

/** Reads and writes numbers without a server. */
final class NumberTests {
    private static final ByteBufferPool POOL = new ByteBufferPool.NonPooling();

    private NumberTests() {}

    static Segments segments(String text) {
        Segments segments = new Segments(POOL);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        segments.append(bytes, 0, bytes.length);
        return segments;
    }

    /** Reads values that must be right, one by one and in runs, which must be the same. */
    static ByteBuffer read(DataType type, List<String> values) throws HttpFailure {
        ByteBuffer target = read(type, values, false);
        assertEquals(target, read(type, values, true));
        return target;
    }

    private static ByteBuffer read(DataType type, List<String> values, boolean runs) throws HttpFailure {
        ByteBuffer target = ByteBuffer.allocate(values.size() * type.size()).order(ByteOrder.LITTLE_ENDIAN);
        try (Segments json = segments(String.join(",", values) + "]")) {
            JsonWindow in = new JsonWindow(json, 0);
            ElementReader reader = NumberReader.of(type, target);
            for (int i = 0; i < values.size(); i++) {
                if (runs) {
                    i += reader.readRun(in, values.size() - i - 1L);
                }
                String fault = reader.read(in, in.space());
                if (fault != null) {
                    throw HttpFailure.badRequest(values.get(i) + ": " + fault);
                }
                in.at++;
            }
        }
        return target.flip();
    }

    /** What is wrong with one value, or null. */
    static String fault(DataType type, String value) throws HttpFailure {
        ByteBuffer target = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        try (Segments json = segments(value + "]")) {
            JsonWindow in = new JsonWindow(json, 0);
            return NumberReader.of(type, target).read(in, in.space());
        }
    }

    static String[] write(DataType type, ByteBuffer content) throws HttpFailure {
        try (Segments out = new Segments(POOL)) {
            TensorWriter.write(out, "OUT", type, content);
            ByteBuffer all = ByteBuffer.allocate((int) out.size());
            out.copyTo(all);
            return new String(all.array(), StandardCharsets.US_ASCII).split(",", -1);
        }
    }
}
