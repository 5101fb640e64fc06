package io.opgraft.models.internal.config;

import io.opgraft.backend.InstanceGroup;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelConfig;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelInstanceGroup;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelOptimizationPolicy;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelVersionPolicy;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelVersionPolicy.PolicyChoiceCase;
import java.util.List;
import java.util.Map;

/**
 * What an effective configuration shows where nothing is written: what Triton shows, and for instance groups what the
 * backend gives. Given back as a configuration it means the same again.
 */
final class Defaults {
    /** The file that each platform looks for in the version folder. */
    private static final Map<String, String> FILES = Map.of(
            "tensorflow_savedmodel", "model.savedmodel",
            "tensorflow_graphdef", "model.graphdef",
            "tensorrt_plan", "model.plan");

    private static final ModelOptimizationPolicy OPTIMIZATION = optimization(ModelOptimizationPolicy.newBuilder())
            .setPriority(ModelOptimizationPolicy.ModelPriority.PRIORITY_DEFAULT)
            .build();

    private Defaults() {}

    /** Whether nothing is asked for that Triton would not do anyway. */
    static boolean isDefault(ModelOptimizationPolicy written) {
        return optimization(written.toBuilder()).build().equals(OPTIMIZATION);
    }

    /**
     * Fills in what is left open.
     *
     * @param config the configuration of a model whose name, platform and {@code max_batch_size} are set
     * @param executors what the backend makes of its instance groups
     */
    static void fill(ModelConfig.Builder config, List<InstanceGroup> executors) {
        versions(config.getVersionPolicyBuilder());
        groups(config, executors);
        if (config.hasEnsembleScheduling()) {
            config.getModelTransactionPolicyBuilder();
            return;
        }
        optimization(config.getOptimizationBuilder());
        if (config.hasDynamicBatching()
                && config.getDynamicBatching().getPreferredBatchSizeCount() == 0
                && config.getMaxBatchSize() > 0) {
            // Nothing else than a batch that is full: it means what no size means.
            config.getDynamicBatchingBuilder().addPreferredBatchSize(config.getMaxBatchSize());
        }
        if (config.getDefaultModelFilename().isEmpty()) {
            config.setDefaultModelFilename(FILES.getOrDefault(config.getPlatform(), ""));
        }
    }

    /** The latest version, where no policy or no number is written. */
    private static void versions(ModelVersionPolicy.Builder policy) {
        boolean latest = policy.hasLatest() || policy.getPolicyChoiceCase() == PolicyChoiceCase.POLICYCHOICE_NOT_SET;
        if (latest && policy.getLatest().getNumVersions() == 0) {
            policy.getLatestBuilder().setNumVersions(1);
        }
    }

    private static ModelOptimizationPolicy.Builder optimization(ModelOptimizationPolicy.Builder optimization) {
        if (!optimization.hasInputPinnedMemory()) {
            optimization.getInputPinnedMemoryBuilder().setEnable(true);
        }
        if (!optimization.hasOutputPinnedMemory()) {
            optimization.getOutputPinnedMemoryBuilder().setEnable(true);
        }
        return optimization;
    }

    private static void groups(ModelConfig.Builder config, List<InstanceGroup> executors) {
        boolean written = config.getInstanceGroupCount() > 0;
        for (int i = 0; i < executors.size(); i++) {
            InstanceGroup executor = executors.get(i);
            ModelInstanceGroup.Builder group =
                    written ? config.getInstanceGroupBuilder(i) : config.addInstanceGroupBuilder();
            if (group.getName().isEmpty()) {
                group.setName(written ? config.getName() + "_" + i : config.getName());
            }
            group.setKind(kind(executor.kind()))
                    .setCount(executor.count())
                    .clearGpus()
                    .addAllGpus(executor.gpus())
                    .clearProfile()
                    .addAllProfile(executor.profiles());
        }
    }

    private static ModelInstanceGroup.Kind kind(InstanceGroup.Kind kind) {
        return switch (kind) {
            case AUTO -> ModelInstanceGroup.Kind.KIND_AUTO;
            case GPU -> ModelInstanceGroup.Kind.KIND_GPU;
            case CPU -> ModelInstanceGroup.Kind.KIND_CPU;
            case MODEL -> ModelInstanceGroup.Kind.KIND_MODEL;
        };
    }
}
