package io.opgraft.http.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.Wiring;
import io.opgraft.ops.LibraryReport;
import io.opgraft.ops.OpOrigin;
import io.opgraft.ops.OpProvider;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Version;

/** A model whose computation is Java. */
record FakeModel(ModelMetadata metadata, Wiring wiring, Computation computation) {
    /** Computes outputs by name from inputs by name. */
    interface Computation {
        Map<String, Tensor> run(Map<String, Tensor> inputs) throws InferenceException;
    }

    private static final OpProvider ADD_SUB = new OpProvider(
            "tensorflow",
            List.of("TRTISExampleAddSub"),
            "io.opgraft.example.addsub",
            Version.valueOf("1.1.0"),
            7,
            OpProvider.State.ACTIVE,
            "",
            "00",
            Path.of("libaddsub.so"),
            LibraryReport.NONE,
            OpOrigin.NONE);

    static final Wiring NO_OPS = new Wiring(List.of());

    /** Two INT32 inputs of 16, their sum and difference, computed by an op of a bundle. */
    static FakeModel addSub(String name) {
        Shape shape = Shape.of(-1, 16);
        List<TensorSpec> inputs = List.of(
                new TensorSpec("INPUT0", DataType.INT32, shape), new TensorSpec("INPUT1", DataType.INT32, shape));
        List<TensorSpec> outputs = List.of(
                new TensorSpec("OUTPUT0", DataType.INT32, shape), new TensorSpec("OUTPUT1", DataType.INT32, shape));
        Wiring wiring = new Wiring(List.of(new Wiring.Wire("TRTISExampleAddSub", ADD_SUB)));
        return new FakeModel(
                new ModelMetadata(name, 1, "tensorflow_savedmodel", 8, inputs, outputs, "{\"name\":\"" + name + "\"}"),
                wiring,
                FakeModel::addAndSubtract);
    }

    private static Map<String, Tensor> addAndSubtract(Map<String, Tensor> inputs) {
        Tensor first = inputs.get("INPUT0");
        ByteBuffer a = first.buffer().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer b = inputs.get("INPUT1").buffer().order(ByteOrder.LITTLE_ENDIAN);
        FakeTensor sum = new FakeTensor(DataType.INT32, first.shape(), a.remaining());
        FakeTensor difference = new FakeTensor(DataType.INT32, first.shape(), a.remaining());
        ByteBuffer s = sum.buffer().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer d = difference.buffer().order(ByteOrder.LITTLE_ENDIAN);
        while (a.hasRemaining()) {
            int x = a.getInt();
            int y = b.getInt();
            s.putInt(x + y);
            d.putInt(x - y);
        }
        return Map.of("OUTPUT0", sum, "OUTPUT1", difference);
    }

    /** One input of any length that comes back. */
    static FakeModel identity(String name, DataType datatype, Shape shape) {
        return of(name, datatype, shape, inputs -> {
            Tensor in = inputs.get("INPUT0");
            FakeTensor out = new FakeTensor(datatype, in.shape(), in.buffer().remaining());
            out.buffer().put(in.buffer());
            return Map.of("OUTPUT0", out);
        });
    }

    static FakeModel of(String name, DataType datatype, Shape shape, Computation computation) {
        return new FakeModel(
                new ModelMetadata(
                        name,
                        1,
                        "tensorflow_savedmodel",
                        0,
                        List.of(new TensorSpec("INPUT0", datatype, shape)),
                        List.of(new TensorSpec("OUTPUT0", datatype, shape)),
                        "{\"name\":\"" + name + "\"}"),
                NO_OPS,
                computation);
    }
}
