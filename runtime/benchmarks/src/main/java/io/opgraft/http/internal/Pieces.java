package io.opgraft.http.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Numbers from JSON and to JSON, each, and the JSON part of a request with a binary tensor, as a whole. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class Pieces {
    private static final int FLOATS = 4096;
    private static final Shape SHAPE = Shape.of(FLOATS);

    private final ByteBufferPool pool = new ArrayByteBufferPool();
    private final PieceRequest request = new PieceRequest(SHAPE);
    private final ByteBuffer floats =
            ByteBuffer.allocateDirect(FLOATS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final Segments numbers = new Segments(pool);
    private final Segments head = new Segments(pool);

    /** Makes what is read and written: floats between 0 and 1, all digits of which count. */
    @Setup
    public void fill() {
        Random random = new Random(1);
        StringJoiner text = new StringJoiner(",", "", "]");
        for (int i = 0; i < FLOATS; i++) {
            float value = random.nextFloat();
            floats.putFloat(i * Float.BYTES, value);
            text.add(Float.toString(value));
        }
        append(numbers, text.toString());
        append(
                head,
                "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"FP32\",\"shape\":[" + FLOATS
                        + "],\"parameters\":{\"binary_data_size\":" + FLOATS * Float.BYTES
                        + "}}],\"outputs\":[{\"name\":\"OUTPUT0\",\"parameters\":{\"binary_data\":true}}]}");
    }

    private static void append(Segments target, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        target.append(bytes, 0, bytes.length);
    }

    /**
     * Reads floats.
     *
     * @return the memory that they were written to
     * @throws Exception if they are not understood
     */
    @Benchmark
    @OperationsPerInvocation(FLOATS)
    public ByteBuffer readFloat() throws Exception {
        JsonTensors.read(numbers, 0, request, "INPUT0", DataType.FP32, SHAPE);
        return request.content();
    }

    /**
     * Writes floats.
     *
     * @return the length of the text
     * @throws Exception never
     */
    @Benchmark
    @OperationsPerInvocation(FLOATS)
    public long writeFloat() throws Exception {
        try (Segments out = new Segments(pool)) {
            TensorWriter.write(out, "OUTPUT0", DataType.FP32, floats.duplicate());
            return out.size();
        }
    }

    /**
     * Finds out which binary tensors follow the JSON part, and which are wanted.
     *
     * @return the bytes of the one that follows
     * @throws Exception if it is not understood
     */
    @Benchmark
    public long binaryHeader() throws Exception {
        return InferHeadParser.parse(request, head).binaryInputs.get(0).size();
    }
}
