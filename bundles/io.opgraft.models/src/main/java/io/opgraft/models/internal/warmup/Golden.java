package io.opgraft.models.internal.warmup;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Tensor;
import io.opgraft.models.ModelMetadata;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An output as it must be. */
final class Golden {
    private static final double DEFAULT_RTOL = 1e-5;
    private static final int SHOWN = 80;

    private final JsonTensor expected;
    private final double rtol;
    private final double atol;

    private Golden(JsonTensor expected, double rtol, double atol) {
        this.expected = expected;
        this.rtol = rtol;
        this.atol = atol;
    }

    /** Reads the outputs of a response; an output's own tolerances go before those of the whole. */
    static List<Golden> list(Map<?, ?> body) throws MalformedException {
        Map<?, ?> common = JsonTensor.parameters(body);
        List<Golden> all = new ArrayList<>();
        for (JsonTensor tensor : JsonTensor.list(body, "outputs")) {
            boolean floating =
                    switch (tensor.type()) {
                        case FP16, BF16, FP32, FP64 -> true;
                        default -> false;
                    };
            double rtol = tolerance("rtol", tensor.parameters(), common, floating ? DEFAULT_RTOL : 0);
            double atol = tolerance("atol", tensor.parameters(), common, 0);
            all.add(new Golden(tensor, rtol, atol));
        }
        return all;
    }

    private static double tolerance(String name, Map<?, ?> own, Map<?, ?> common, double otherwise)
            throws MalformedException {
        Object value = own.get(name) != null ? own.get(name) : common.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Number number && number.doubleValue() >= 0) {
            return number.doubleValue();
        }
        throw new MalformedException("has the " + name + " " + value + ", but a number of at least 0 is needed");
    }

    String output() {
        return expected.name();
    }

    /** What is wrong with an answer, as part of a sentence that begins with the output; null if it is right. */
    String difference(Tensor got, ModelMetadata metadata) {
        if (got.datatype() != expected.type()) {
            return "has the datatype " + got.datatype() + " instead of " + expected.type();
        }
        if (!got.shape().equals(Reshapes.output(metadata, expected.name(), expected.shape()))) {
            return "has the shape " + got.shape() + " instead of " + expected.shape();
        }
        ByteBuffer is = got.buffer().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer must = expected.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        long count = expected.shape().elementCount();
        for (long i = 0; i < count; i++) {
            Object wanted = Elements.next(must, expected.type());
            Object found = Elements.next(is, expected.type());
            if (!equal(wanted, found)) {
                return "element " + i + " is " + shown(found) + " instead of " + shown(wanted) + tolerances();
            }
        }
        return null;
    }

    private boolean equal(Object wanted, Object found) {
        if (wanted.equals(found)) {
            // So that NaN equals NaN and an infinity itself.
            return true;
        }
        if (wanted instanceof BigInteger w && found instanceof BigInteger f) {
            // A double would not tell large neighbours apart.
            return f.subtract(w).abs().doubleValue() <= atol + rtol * w.abs().doubleValue();
        }
        if (wanted instanceof Number w && found instanceof Number f) {
            double must = w.doubleValue();
            double is = f.doubleValue();
            // Also right for 0.0 and -0.0; an infinity has no neighbours.
            return !Double.isInfinite(must) && Math.abs(is - must) <= atol + rtol * Math.abs(must);
        }
        return false;
    }

    private String tolerances() {
        return rtol == 0 && atol == 0 ? "" : " (rtol " + rtol + ", atol " + atol + ")";
    }

    private String shown(Object value) {
        if (expected.type() != DataType.BYTES) {
            return expected.type() == DataType.FP32 ? Float.toString(((Number) value).floatValue()) : value.toString();
        }
        String text = new String(value.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        return "\"" + (text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...") + "\"";
    }
}
