package io.opgraft.http.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import io.opgraft.models.ModelMetadata;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The extension that answers the largest elements of an output in place of the output: strings {@code value:index}, or
 * {@code value:index:label} where the configuration has a label. Of a batch each row is looked at on its own.
 */
final class Classification {
    /** Classes of all rows of an output; more are refused before anything is made of them. */
    static final long MAX_CLASSES = 100_000;

    private Classification() {}

    /** Refuses outputs that cannot be classified, before the model runs. */
    static void check(ModelMetadata model, String output) throws HttpFailure {
        boolean text =
                model.outputs().stream().anyMatch(o -> o.name().equals(output) && o.datatype() == DataType.BYTES);
        if (text) {
            throw HttpFailure.badRequest("output " + Json.quote(output) + " of model '" + model.name()
                    + "' has datatype BYTES, which cannot be classified");
        }
    }

    /** The outputs to write: classified where the request asks for it. The given tensors stay what they are. */
    static List<Tensor> apply(InferHead head, ModelMetadata model, List<Tensor> tensors) throws HttpFailure {
        List<Tensor> result = tensors;
        for (int i = 0; i < head.outputs.size(); i++) {
            InferHead.WantedOutput wanted = head.outputs.get(i);
            if (wanted.classes() > 0) {
                result = result == tensors ? new ArrayList<>(tensors) : result;
                List<String> labels = model.options().labels().getOrDefault(wanted.name(), List.of());
                result.set(i, classify(wanted, tensors.get(i), model.maxBatchSize() > 0, labels));
            }
        }
        return result;
    }

    private static Tensor classify(InferHead.WantedOutput wanted, Tensor tensor, boolean batched, List<String> labels)
            throws HttpFailure {
        boolean rows = batched && tensor.shape().rank() > 0;
        long batch = rows ? tensor.shape().dimension(0) : 1;
        ByteBuffer content = tensor.buffer().order(ByteOrder.LITTLE_ENDIAN);
        int elements = content.remaining() / tensor.datatype().size();
        int each = batch == 0 ? 0 : (int) (elements / batch);
        int count = Math.min(wanted.classes(), each);
        if (batch * count > MAX_CLASSES) {
            throw HttpFailure.badRequest("outputs[].parameters.classification of " + Json.quote(wanted.name()) + " is "
                    + wanted.classes() + ", but at most " + MAX_CLASSES + " classes are given for all rows together");
        }
        List<byte[]> texts = new ArrayList<>();
        for (int row = 0; row < batch; row++) {
            int begin = content.position() + row * each * tensor.datatype().size();
            for (long[] best : largest(content, begin, each, count, tensor.datatype())) {
                int index = (int) best[1];
                int at = begin + index * tensor.datatype().size();
                String label = index < labels.size() && !labels.get(index).isEmpty() ? ":" + labels.get(index) : "";
                String text = value(content, at, tensor.datatype()) + ":" + index + label;
                texts.add(text.getBytes(StandardCharsets.UTF_8));
            }
        }
        return new Strings(rows ? Shape.of(batch, count) : Shape.of(count), pack(texts));
    }

    /** Pairs of sort key and index, the largest first; of equal ones the first. */
    private static List<long[]> largest(ByteBuffer content, int begin, int elements, int count, DataType type) {
        Comparator<long[]> worseFirst = Comparator.<long[]>comparingLong(e -> e[0])
                .thenComparing(Comparator.<long[]>comparingLong(e -> e[1]).reversed());
        PriorityQueue<long[]> best = new PriorityQueue<>(worseFirst);
        for (int i = 0; i < elements && count > 0; i++) {
            long key = key(content, begin + i * type.size(), type);
            if (best.size() < count) {
                best.add(new long[] {key, i});
            } else if (key > best.element()[0]) {
                best.remove();
                best.add(new long[] {key, i});
            }
        }
        List<long[]> sorted = new ArrayList<>(best);
        sorted.sort(worseFirst.reversed());
        return sorted;
    }

    /** A number that sorts as the element does; NaN before all. */
    private static long key(ByteBuffer in, int at, DataType type) {
        return switch (type) {
            case BOOL, UINT8 -> in.get(at) & 0xff;
            case UINT16 -> in.getShort(at) & 0xffff;
            case UINT32 -> in.getInt(at) & 0xffffffffL;
            case UINT64 -> in.getLong(at) ^ Long.MIN_VALUE;
            case INT8 -> in.get(at);
            case INT16 -> in.getShort(at);
            case INT32 -> in.getInt(at);
            case INT64 -> in.getLong(at);
            case FP16, BF16, FP32, FP64 -> order(real(in, at, type));
            default -> throw new IllegalStateException(type.name());
        };
    }

    private static long order(double value) {
        if (Double.isNaN(value)) {
            return Long.MIN_VALUE;
        }
        // Adding makes the two zeros one.
        long bits = Double.doubleToLongBits(value + 0.0);
        return bits >= 0 ? bits : bits ^ Long.MAX_VALUE;
    }

    private static double real(ByteBuffer in, int at, DataType type) {
        return switch (type) {
            case FP16 -> Halves.FP16.decode(in.getShort(at));
            case BF16 -> Halves.BF16.decode(in.getShort(at));
            case FP32 -> in.getFloat(at);
            default -> in.getDouble(at);
        };
    }

    private static String value(ByteBuffer in, int at, DataType type) {
        return switch (type) {
            case FP16, BF16, FP32 -> Float.toString((float) real(in, at, type));
            case FP64 -> Double.toString(in.getDouble(at));
            case UINT64 -> Long.toUnsignedString(in.getLong(at));
            default -> Long.toString(key(in, at, type));
        };
    }

    private static ByteBuffer pack(List<byte[]> texts) {
        int size = texts.stream().mapToInt(t -> Integer.BYTES + t.length).sum();
        ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        texts.forEach(t -> out.putInt(t.length).put(t));
        return out.flip();
    }

    /** An output that is not the model's own memory. */
    private record Strings(Shape shape, ByteBuffer content) implements Tensor {
        @Override
        public DataType datatype() {
            return DataType.BYTES;
        }

        @Override
        public ByteBuffer buffer() {
            return content.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        }

        @Override
        public void close() {}
    }
}
