package io.opgraft.serving.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The outputs of a batch, cut into those of its requests without a copy. Freed when all of them are closed. */
final class SharedOutputs {
    private final Outputs outputs;
    private final List<Outputs> parts = new ArrayList<>();
    private final AtomicInteger users;

    private SharedOutputs(Outputs outputs, int users) {
        this.outputs = outputs;
        this.users = new AtomicInteger(users);
    }

    /**
     * Cuts.
     *
     * @param names of the outputs
     * @param members in the order of the batch
     * @throws InferenceException if the model gave something that has no batch; as a client's fault, so that each is run
     *     alone
     */
    static SharedOutputs split(Outputs outputs, List<String> names, List<LeasedRequest> members)
            throws InferenceException {
        SharedOutputs shared = new SharedOutputs(outputs, members.size());
        List<List<Tensor>> cut = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            cut.add(cut(names.get(i), outputs.tensors().get(i), members));
        }
        for (int m = 0; m < members.size(); m++) {
            List<Tensor> tensors = new ArrayList<>();
            for (String name : members.get(m).wanted()) {
                tensors.add(cut.get(names.indexOf(name)).get(m));
            }
            shared.parts.add(shared.new Part(tensors));
        }
        return shared;
    }

    private static List<Tensor> cut(String name, Tensor tensor, List<LeasedRequest> members) throws InferenceException {
        int total = members.stream().mapToInt(LeasedRequest::batch).sum();
        Shape shape = tensor.shape();
        if (shape.rank() == 0 || shape.dimension(0) != total) {
            throw new InferenceException(
                    "output '" + name + "' of a batch of " + total + " has shape " + shape
                            + ", whose first dimension is not the batch",
                    true);
        }
        long[] dimensions = shape.toArray();
        ByteBuffer all = tensor.buffer().order(ByteOrder.LITTLE_ENDIAN);
        int row = all.remaining() / total;
        List<Tensor> parts = new ArrayList<>(members.size());
        int from = 0;
        for (LeasedRequest member : members) {
            dimensions[0] = member.batch();
            Shape own = Shape.of(dimensions);
            int size = tensor.datatype() == DataType.BYTES
                    ? stringsSize(all, from, own.elementCount())
                    : row * member.batch();
            parts.add(new BufferTensor(tensor.datatype(), own, all.slice(from, size)));
            from += size;
        }
        return parts;
    }

    private static int stringsSize(ByteBuffer strings, int from, long count) {
        int at = from;
        for (long i = 0; i < count; i++) {
            at = Math.addExact(at + Integer.BYTES, strings.getInt(at));
        }
        return at - from;
    }

    /** The outputs of one of the requests. */
    Outputs of(int member) {
        return parts.get(member);
    }

    private final class Part implements Outputs {
        private final List<Tensor> tensors;
        private final AtomicBoolean closed = new AtomicBoolean();

        Part(List<Tensor> tensors) {
            this.tensors = List.copyOf(tensors);
        }

        @Override
        public List<Tensor> tensors() {
            return tensors;
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true) && users.decrementAndGet() == 0) {
                outputs.close();
            }
        }
    }
}
