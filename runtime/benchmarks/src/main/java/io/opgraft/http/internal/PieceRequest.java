package io.opgraft.http.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.Wiring;
import io.opgraft.serving.InferenceRequest;
import io.opgraft.serving.RunHandler;
import java.nio.ByteBuffer;
import java.util.List;

/** A request for an identity that has its memory already and is never run. */
final class PieceRequest implements InferenceRequest {
    private final ModelMetadata metadata;
    private final ByteBuffer content;
    private final Shape shape;

    PieceRequest(Shape shape) {
        this.shape = shape;
        content = ByteBuffer.allocateDirect(Math.toIntExact(shape.elementCount() * Float.BYTES));
        metadata = new ModelMetadata(
                "identity",
                1,
                "none",
                0,
                List.of(new TensorSpec("INPUT0", DataType.FP32, shape)),
                List.of(new TensorSpec("OUTPUT0", DataType.FP32, shape)),
                "{}");
    }

    /** What the input has now. */
    ByteBuffer content() {
        return content.duplicate().clear();
    }

    @Override
    public ModelMetadata metadata() {
        return metadata;
    }

    @Override
    public Tensor input(String name, DataType datatype, Shape wanted, long byteCount) {
        return new Tensor() {
            @Override
            public DataType datatype() {
                return datatype;
            }

            @Override
            public Shape shape() {
                return shape;
            }

            @Override
            public ByteBuffer buffer() {
                return content.clear();
            }

            @Override
            public void close() {
                // the memory is used again
            }
        };
    }

    @Override
    public Wiring wiring() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Outputs run(List<String> outputs) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void run(List<String> outputs, RunHandler handler) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void schedule(long priority, long timeoutMicros) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void cancel() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        // nothing to free
    }
}
