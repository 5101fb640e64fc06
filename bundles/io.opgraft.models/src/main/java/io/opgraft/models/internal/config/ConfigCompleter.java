package io.opgraft.models.internal.config;

import io.opgraft.backend.InstanceGroup;
import io.opgraft.backend.ModelDescription;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.Shape;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.ModelOptions;
import io.opgraft.models.internal.proto.ModelConfigProto;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelConfig;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelInput;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Completes a declared configuration from the model's own signature and checks that the two agree.
 *
 * <p>Inputs that are not declared are added. Outputs are added only if none is declared: naming some is Triton's way to
 * hide the others. Without a written {@code max_batch_size} a model whose tensors all begin with an open dimension gets
 * {@link #DEFAULT_MAX_BATCH_SIZE}, unless dimensions are declared in full; every other model gets 0.
 */
public final class ConfigCompleter {
    /** What Triton's TensorFlow backend gives to a model that can be batched and does not say how far. */
    static final int DEFAULT_MAX_BATCH_SIZE = 4;

    private final ModelSource declaredSource;
    private final DeclaredConfig declared;
    private final ModelDescription description;
    private final int maxBatchSize;

    private ConfigCompleter(ModelSource declaredSource, DeclaredConfig declared, ModelDescription description) {
        this.declaredSource = declaredSource;
        this.declared = declared;
        this.description = description;
        this.maxBatchSize =
                declared.proto().hasMaxBatchSize() ? declared.proto().getMaxBatchSize() : guessBatching();
    }

    /**
     * Completes a configuration.
     *
     * @param declaredSource what the backend was told when it looked at the model
     * @param declared the configuration
     * @param backend name of the backend that serves the model
     * @param executors what the backend makes of the instance groups of {@code declaredSource}
     * @param description what the backend found
     * @return the effective configuration
     * @throws ConfigException if they contradict each other
     */
    public static EffectiveConfig complete(
            ModelSource declaredSource,
            DeclaredConfig declared,
            String backend,
            List<InstanceGroup> executors,
            ModelDescription description)
            throws ConfigException {
        return new ConfigCompleter(declaredSource, declared, description).complete(backend, executors);
    }

    private int guessBatching() {
        for (boolean input : new boolean[] {true, false}) {
            for (TensorSpec spec : specs(input)) {
                List<Long> dims = declaredDims(input, spec.name());
                if (!beginsOpen(spec)
                        || (dims != null && dims.size() == spec.shape().rank())) {
                    return 0;
                }
            }
        }
        return specs(true).isEmpty() ? 0 : DEFAULT_MAX_BATCH_SIZE;
    }

    private static boolean beginsOpen(TensorSpec spec) {
        return spec.shape() != null && spec.shape().rank() > 0 && spec.shape().dimension(0) == Shape.ANY;
    }

    private List<TensorSpec> specs(boolean input) {
        return input
                ? description.signature().inputs()
                : description.signature().outputs();
    }

    private List<Long> declaredDims(boolean input, String name) {
        if (input) {
            return declared.proto().getInputList().stream()
                    .filter(i -> i.getName().equals(name))
                    .findFirst()
                    .map(DeclaredConfig::modelDims)
                    .orElse(null);
        }
        return declared.proto().getOutputList().stream()
                .filter(o -> o.getName().equals(name))
                .findFirst()
                .map(DeclaredConfig::modelDims)
                .orElse(null);
    }

    private EffectiveConfig complete(String backend, List<InstanceGroup> executors) throws ConfigException {
        ModelConfig.Builder config = declared.proto().toBuilder();
        config.setName(declaredSource.name())
                .setPlatform(description.platform())
                // As Triton: an ensemble has a platform and no backend.
                .setBackend(config.hasEnsembleScheduling() ? "" : backend)
                .setMaxBatchSize(maxBatchSize);
        List<TensorSpec> modelInputs = inputs(config);
        List<TensorSpec> modelOutputs = outputs(config);
        ModelOptions options = Options.of(declared.proto(), maxBatchSize, declared.labels());
        List<TensorSpec> inputs =
                asRequested(modelInputs, options.reshapedInputs().keySet(), true);
        List<TensorSpec> outputs =
                asRequested(modelOutputs, options.reshapedOutputs().keySet(), false);
        Defaults.fill(config, executors);
        checkPreferred(options.scheduling().preferredBatchSizes());
        ModelSource source = new ModelSource(
                declaredSource.name(),
                declaredSource.version(),
                declaredSource.directory(),
                description.platform(),
                declaredSource.fileName(),
                maxBatchSize,
                modelInputs,
                modelOutputs,
                declaredSource.parameters(),
                declaredSource.instanceGroups(),
                declaredSource.steps());
        return new EffectiveConfig(
                source,
                new ModelMetadata(
                        source.name(),
                        source.version(),
                        source.platform(),
                        maxBatchSize,
                        inputs,
                        outputs,
                        ConfigJson.write(config.build()),
                        options));
    }

    /** The tensors with the shapes that requests have. */
    private List<TensorSpec> asRequested(List<TensorSpec> specs, Set<String> reshaped, boolean input) {
        List<TensorSpec> result = new ArrayList<>();
        for (TensorSpec spec : specs) {
            if (reshaped.contains(spec.name())) {
                List<Long> dims = input
                        ? declared.proto().getInputList().stream()
                                .filter(i -> i.getName().equals(spec.name()))
                                .findFirst()
                                .orElseThrow()
                                .getDimsList()
                        : declared.proto().getOutputList().stream()
                                .filter(o -> o.getName().equals(spec.name()))
                                .findFirst()
                                .orElseThrow()
                                .getDimsList();
                result.add(new TensorSpec(spec.name(), spec.datatype(), DeclaredConfig.fullShape(maxBatchSize, dims)));
            } else {
                result.add(spec);
            }
        }
        return result;
    }

    private void checkPreferred(List<Integer> sizes) throws ConfigException {
        int largest = sizes.isEmpty() ? 0 : sizes.get(sizes.size() - 1);
        if (largest > maxBatchSize) {
            throw error(
                    "dynamic_batching.preferred_batch_size",
                    ": field dynamic_batching.preferred_batch_size names " + largest + ", but max_batch_size is "
                            + maxBatchSize + ", from the model.");
        }
    }

    private List<TensorSpec> inputs(ModelConfig.Builder config) throws ConfigException {
        List<TensorSpec> result = new ArrayList<>();
        for (ModelInput.Builder input : config.getInputBuilderList()) {
            TensorSpec spec =
                    merge("input", input.getName(), input.getDataType(), DeclaredConfig.modelDims(input.build()));
            input.setDataType(type(spec));
            if (!input.hasReshape()) {
                input.clearDims().addAllDims(dims(spec));
            }
            result.add(spec);
        }
        for (TensorSpec spec : specs(true)) {
            if (result.stream().noneMatch(r -> r.name().equals(spec.name()))) {
                checkBatch("input", spec);
                config.addInputBuilder()
                        .setName(spec.name())
                        .setDataType(type(spec))
                        .addAllDims(dims(spec));
                result.add(spec);
            }
        }
        return result;
    }

    private List<TensorSpec> outputs(ModelConfig.Builder config) throws ConfigException {
        List<TensorSpec> result = new ArrayList<>();
        for (ModelOutput.Builder output : config.getOutputBuilderList()) {
            TensorSpec spec =
                    merge("output", output.getName(), output.getDataType(), DeclaredConfig.modelDims(output.build()));
            output.setDataType(type(spec));
            if (!output.hasReshape()) {
                output.clearDims().addAllDims(dims(spec));
            }
            result.add(spec);
        }
        if (result.isEmpty()) {
            for (TensorSpec spec : specs(false)) {
                checkBatch("output", spec);
                config.addOutputBuilder()
                        .setName(spec.name())
                        .setDataType(type(spec))
                        .addAllDims(dims(spec));
                result.add(spec);
            }
        }
        return result;
    }

    private TensorSpec merge(String kind, String name, ModelConfigProto.DataType type, List<Long> dims)
            throws ConfigException {
        List<TensorSpec> candidates = specs(kind.equals("input"));
        TensorSpec spec = candidates.stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElse(null);
        if (spec == null) {
            throw error(
                    kind + ".name",
                    ": " + kind + " \"" + name + "\" is not in the model, whose " + kind + "s are "
                            + candidates.stream().map(TensorSpec::name).collect(Collectors.joining(", ")) + ".");
        }
        if (type != ModelConfigProto.DataType.TYPE_INVALID && DeclaredConfig.datatype(type) != spec.datatype()) {
            throw error(
                    kind + ".data_type",
                    ": field data_type of " + kind + " \"" + name + "\" is " + type + ", but the model has "
                            + spec.datatype().configName() + ".");
        }
        checkBatch(kind, spec);
        if (dims == null) {
            return spec;
        }
        Shape full = DeclaredConfig.fullShape(maxBatchSize, dims);
        if (spec.shape() != null && !narrows(spec.shape(), full)) {
            throw error(
                    kind + ".dims",
                    ": field dims of " + kind + " \"" + name + "\" is " + Shape.of(toArray(dims))
                            + (maxBatchSize > 0 ? ", with the batch dimension " + full : "") + ", but the model has "
                            + spec.shape() + ".");
        }
        return new TensorSpec(name, spec.datatype(), full);
    }

    private void checkBatch(String kind, TensorSpec spec) throws ConfigException {
        if (maxBatchSize > 0 && spec.shape() != null && !beginsOpen(spec)) {
            throw error(
                    "max_batch_size",
                    ": field max_batch_size is " + maxBatchSize + ", but " + kind + " \"" + spec.name()
                            + "\" of the model has shape " + spec.shape() + ", which does not begin with an open batch "
                            + "dimension.");
        }
    }

    /** Whether every dimension of {@code declared} equals the model's or closes one that the model leaves open. */
    private static boolean narrows(Shape model, Shape declared) {
        if (model.rank() != declared.rank()) {
            return false;
        }
        for (int i = 0; i < model.rank(); i++) {
            if (model.dimension(i) != Shape.ANY && model.dimension(i) != declared.dimension(i)) {
                return false;
            }
        }
        return true;
    }

    private static ModelConfigProto.DataType type(TensorSpec spec) {
        return ModelConfigProto.DataType.valueOf(spec.datatype().configName());
    }

    private List<Long> dims(TensorSpec spec) {
        if (spec.shape() == null) {
            return List.of();
        }
        List<Long> dims = new ArrayList<>();
        for (int i = maxBatchSize > 0 ? 1 : 0; i < spec.shape().rank(); i++) {
            dims.add(spec.shape().dimension(i));
        }
        return dims;
    }

    private static long[] toArray(List<Long> dims) {
        return dims.stream().mapToLong(Long::longValue).toArray();
    }

    private ConfigException error(String field, String rest) {
        return new ConfigException(
                field,
                DeclaredConfig.subject(declaredSource.name()) + rest,
                "Correct the field, or remove it to take the model's own.");
    }
}
