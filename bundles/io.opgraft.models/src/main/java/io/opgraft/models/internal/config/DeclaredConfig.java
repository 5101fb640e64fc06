package io.opgraft.models.internal.config;

import io.opgraft.backend.DataType;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.Shape;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.internal.proto.ModelConfigProto;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelConfig;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelInput;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelOutput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a {@code config.pbtxt} says, before it is completed from the model.
 *
 * @param file where it was read from, whether it exists or not
 * @param proto the parsed text
 * @param pins the bundles that the model takes its ops from, in the file's order; empty if any may serve
 * @param labels the lines of the label files, by output
 * @param warnings whole sentences on fields that have no effect
 */
public record DeclaredConfig(
        Path file, ModelConfig proto, List<OpPin> pins, Map<String, List<String>> labels, List<String> warnings) {
    /** Takes copies. */
    public DeclaredConfig {
        pins = List.copyOf(pins);
        labels = Map.copyOf(labels);
        warnings = List.copyOf(warnings);
    }

    /**
     * How messages name the file.
     *
     * @param model model name
     * @return beginning of a sentence
     */
    static String subject(String model) {
        return "config.pbtxt of model " + model;
    }

    /**
     * What a backend is told before it has looked at the model.
     *
     * @param model model name
     * @param version version number
     * @param directory version folder
     * @return the source; with inputs only if the type of each is declared, and with outputs the same
     */
    public ModelSource source(String model, long version, Path directory) {
        List<TensorSpec> inputs = new ArrayList<>();
        proto.getInputList().forEach(i -> add(inputs, i.getName(), i.getDataType(), modelDims(i)));
        List<TensorSpec> outputs = new ArrayList<>();
        proto.getOutputList().forEach(o -> add(outputs, o.getName(), o.getDataType(), modelDims(o)));
        // A model without a signature of its own would take half a list for the whole one.
        if (inputs.size() < proto.getInputCount()) {
            inputs.clear();
        }
        if (outputs.size() < proto.getOutputCount()) {
            outputs.clear();
        }
        return new ModelSource(
                model,
                version,
                directory,
                proto.getPlatform(),
                proto.getDefaultModelFilename(),
                proto.getMaxBatchSize(),
                inputs,
                outputs,
                parameters(),
                Options.groups(proto),
                Options.steps(proto));
    }

    private void add(List<TensorSpec> to, String name, ModelConfigProto.DataType type, List<Long> dims) {
        DataType datatype = datatype(type);
        if (datatype != null) {
            to.add(new TensorSpec(name, datatype, dims == null ? null : fullShape(proto.getMaxBatchSize(), dims)));
        }
    }

    /** The dimensions that the model itself takes, without the batch; null if the configuration does not say. */
    static List<Long> modelDims(ModelInput input) {
        if (input.hasReshape()) {
            return input.getReshape().getShapeList();
        }
        return input.getDimsCount() == 0 ? null : input.getDimsList();
    }

    /** The dimensions that the model itself gives, without the batch; null if the configuration does not say. */
    static List<Long> modelDims(ModelOutput output) {
        if (output.hasReshape()) {
            return output.getReshape().getShapeList();
        }
        return output.getDimsCount() == 0 ? null : output.getDimsList();
    }

    /**
     * The models that an ensemble is made of.
     *
     * @return their names; empty for every other model
     */
    public Set<String> steps() {
        return proto.getEnsembleScheduling().getStepList().stream()
                .map(ModelConfigProto.ModelEnsembling.Step::getModelName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * The framework of the libraries that the configuration names.
     *
     * @return from {@code backend}, else the first word of {@code platform}, else TensorFlow, which takes plain libraries
     */
    public String framework() {
        if (!proto.getBackend().isEmpty()) {
            return proto.getBackend();
        }
        String platform = proto.getPlatform();
        return platform.isEmpty() ? "tensorflow" : platform.split("_", 2)[0];
    }

    /** The {@code parameters} as strings. */
    Map<String, String> parameters() {
        return proto.getParametersMap().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().getStringValue()));
    }

    /** The datatype of a field, or null if it is left open. */
    static DataType datatype(ModelConfigProto.DataType type) {
        return type == ModelConfigProto.DataType.UNRECOGNIZED ? null : DataType.byName(type.name());
    }

    /** Declared dimensions with the batch dimension before them. */
    static Shape fullShape(int maxBatchSize, List<Long> dims) {
        int batch = maxBatchSize > 0 ? 1 : 0;
        long[] full = new long[dims.size() + batch];
        if (batch == 1) {
            full[0] = Shape.ANY;
        }
        for (int i = 0; i < dims.size(); i++) {
            full[i + batch] = dims.get(i);
        }
        return Shape.of(full);
    }
}
