package io.opgraft.models.internal.warmup;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelWarmup;
import io.opgraft.models.internal.repository.Repository;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** One {@code model_warmup} of a configuration: tensors of zeros, of random numbers or from files, and how often. */
final class ConfiguredSample implements Sample {
    private static final String FIELD = "model_warmup";

    private final ModelWarmup warmup;
    private final Path folder;

    /**
     * Makes the sample.
     *
     * @param warmup the message
     * @param folder where its files are
     */
    ConfiguredSample(ModelWarmup warmup, Path folder) {
        this.warmup = warmup;
        this.folder = folder;
    }

    @Override
    public void run(LoadedModel model, ModelMetadata metadata) throws WarmupException {
        List<String> outputs = metadata.outputs().stream().map(TensorSpec::name).toList();
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, ModelWarmup.Input> entry :
                    warmup.getInputsMap().entrySet()) {
                inputs.put(entry.getKey(), tensor(model, metadata, entry.getKey(), entry.getValue()));
            }
            for (TensorSpec spec : metadata.inputs()) {
                if (!inputs.containsKey(spec.name())
                        && !metadata.options().optionalInputs().contains(spec.name())) {
                    throw wrong("does not give the input \"" + spec.name() + "\"");
                }
            }
            for (int i = 0; i < Math.max(1, warmup.getCount()); i++) {
                model.run(inputs, outputs).close();
            }
        } catch (InferenceException e) {
            throw wrong("fails: " + e.getMessage());
        } finally {
            inputs.values().forEach(Tensor::close);
        }
    }

    private Tensor tensor(LoadedModel model, ModelMetadata metadata, String name, ModelWarmup.Input input)
            throws WarmupException, InferenceException {
        TensorSpec spec = metadata.inputs().stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow(() -> wrong("names the input \"" + name + "\", which the model does not have"));
        DataType type = DataType.byName(input.getDataType().name());
        if (type != spec.datatype()) {
            throw wrong("gives input \"" + name + "\" as " + input.getDataType() + ", but the model takes "
                    + spec.datatype().configName());
        }
        int batch = Math.max(1, warmup.getBatchSize());
        Shape shape = shape(metadata, spec, input, batch);
        byte[] item = item(name, type, input, Math.toIntExact(shape.elementCount() / batch));
        Tensor tensor =
                model.allocate(type, Reshapes.input(metadata, name, shape), Math.multiplyExact(item.length, batch));
        ByteBuffer buffer = tensor.buffer();
        for (int i = 0; i < batch; i++) {
            buffer.put(item);
        }
        return tensor;
    }

    private Shape shape(ModelMetadata metadata, TensorSpec spec, ModelWarmup.Input input, int batch)
            throws WarmupException {
        boolean batched = metadata.maxBatchSize() > 0;
        if (batch > Math.max(1, metadata.maxBatchSize())) {
            throw wrong("has the batch_size " + batch + ", but max_batch_size is " + metadata.maxBatchSize());
        }
        long[] dims = new long[input.getDimsCount() + (batched ? 1 : 0)];
        if (batched) {
            dims[0] = batch;
        }
        for (int i = 0; i < input.getDimsCount(); i++) {
            if (input.getDims(i) < 0) {
                throw wrong("leaves a dimension of input \"" + spec.name() + "\" open: " + input.getDimsList());
            }
            dims[i + (batched ? 1 : 0)] = input.getDims(i);
        }
        Shape shape = Shape.of(dims);
        if (spec.shape() != null && !spec.shape().accepts(shape)) {
            throw wrong(
                    "gives input \"" + spec.name() + "\" the shape " + shape + ", but the model takes " + spec.shape());
        }
        try {
            if (Math.multiplyExact(shape.elementCount(), 8) <= Integer.MAX_VALUE) {
                return shape;
            }
        } catch (ArithmeticException e) {
            // Said below.
        }
        throw wrong("gives input \"" + spec.name() + "\" the shape " + shape + ", which is too large");
    }

    /** The content of one row of a batch. */
    private byte[] item(String name, DataType type, ModelWarmup.Input input, int elements) throws WarmupException {
        int size = type == DataType.BYTES ? elements * Integer.BYTES : elements * type.size();
        switch (input.getInputDataTypeCase()) {
            case RANDOM_DATA -> {
                return random(type, elements, size);
            }
            case INPUT_DATA_FILE -> {
                byte[] content = file(name, input.getInputDataFile());
                if (type != DataType.BYTES && content.length != size) {
                    throw wrong("takes input \"" + name + "\" from " + input.getInputDataFile() + ", which has "
                            + content.length + " bytes instead of " + size);
                }
                return content;
            }
            default -> {
                // Strings of length 0, or zeros.
                return new byte[size];
            }
        }
    }

    /** The same numbers each time: floating point from 0 to 1, integers that are no hazard as an index. */
    private static byte[] random(DataType type, int elements, int size) {
        ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < elements; i++) {
            switch (type) {
                case FP16 -> out.putShort(Halves.toFp16(random.nextDouble()));
                case BF16 -> out.putShort(Halves.toBf16((float) random.nextDouble()));
                case FP32 -> out.putFloat((float) random.nextDouble());
                case FP64 -> out.putDouble(random.nextDouble());
                case BYTES -> out.putInt(0);
                default -> {
                    out.put((byte) random.nextInt(2));
                    out.position(out.position() + type.size() - 1);
                }
            }
        }
        return out.array();
    }

    private byte[] file(String tensor, String path) throws WarmupException {
        try {
            Path real = folder.toRealPath();
            Path file = real.resolve(path).toRealPath();
            if (!file.startsWith(real)) {
                throw wrong("takes input \"" + tensor + "\" from " + path + ", which is outside of " + folder);
            }
            return Files.readAllBytes(file);
        } catch (InvalidPathException e) {
            throw wrong("takes input \"" + tensor + "\" from a file with an impossible name");
        } catch (IOException e) {
            throw wrong("takes input \"" + tensor + "\" from " + folder.resolve(path) + ", which cannot be read: "
                    + Repository.reason(e));
        }
    }

    private WarmupException wrong(String what) {
        String end = what.endsWith(".") ? "" : ".";
        return new WarmupException(
                "config.pbtxt", "Field " + FIELD + " \"" + warmup.getName() + "\" of config.pbtxt " + what + end);
    }
}
