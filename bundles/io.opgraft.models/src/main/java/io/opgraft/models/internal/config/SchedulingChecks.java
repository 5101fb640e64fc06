package io.opgraft.models.internal.config;

import io.opgraft.models.internal.proto.ModelConfigProto.ModelConfig;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelDynamicBatching;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelEnsembling;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelInstanceGroup;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelQueuePolicy;
import io.opgraft.models.internal.repository.ModelNames;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Checks what a configuration says on batching, instances and the steps of an ensemble. */
final class SchedulingChecks {
    /** More would only be a slip of the pen. */
    private static final int MAX_COUNT = 1024;

    private static final long MAX_LEVELS = 1000;

    private final String model;

    private SchedulingChecks(String model) {
        this.model = model;
    }

    static void check(String model, ModelConfig config) throws ConfigException {
        SchedulingChecks checks = new SchedulingChecks(model);
        if (config.hasDynamicBatching()) {
            checks.batching(config.getDynamicBatching(), config.hasMaxBatchSize(), config.getMaxBatchSize());
        }
        for (ModelInstanceGroup group : config.getInstanceGroupList()) {
            checks.group(group);
        }
        if (config.hasEnsembleScheduling()) {
            checks.ensemble(config);
        }
    }

    private void batching(ModelDynamicBatching batching, boolean written, int maxBatchSize) throws ConfigException {
        for (int size : batching.getPreferredBatchSizeList()) {
            if (size < 1 || (written && size > maxBatchSize)) {
                throw error(
                        "dynamic_batching.preferred_batch_size",
                        "names " + size + ", but a batch has 1 to max_batch_size" + (written ? " " + maxBatchSize : "")
                                + " rows");
            }
        }
        long levels = batching.getPriorityLevels();
        if (levels < 0 || levels > MAX_LEVELS) {
            throw error(
                    "dynamic_batching.priority_levels",
                    "is " + Long.toUnsignedString(levels) + ", but must be 0 to " + MAX_LEVELS);
        }
        long usual = batching.getDefaultPriorityLevel();
        if (levels > 0 ? usual < 1 || usual > levels : usual != 0) {
            throw error(
                    "dynamic_batching.default_priority_level",
                    "is " + Long.toUnsignedString(usual) + ", but must be "
                            + (levels > 0 ? "1 to " + levels : "0 without priority_levels"));
        }
        policy("dynamic_batching.default_queue_policy", batching.getDefaultQueuePolicy());
        for (Map.Entry<Long, ModelQueuePolicy> entry :
                batching.getPriorityQueuePolicyMap().entrySet()) {
            long level = entry.getKey();
            if (level < 1 || level > levels) {
                throw error(
                        "dynamic_batching.priority_queue_policy",
                        "has the level " + Long.toUnsignedString(level) + ", but priority_levels is " + levels);
            }
            policy("dynamic_batching.priority_queue_policy", entry.getValue());
        }
    }

    private void policy(String field, ModelQueuePolicy policy) throws ConfigException {
        if (policy.getMaxQueueSize() < 0) {
            throw error(
                    field,
                    "has max_queue_size " + Integer.toUnsignedString(policy.getMaxQueueSize()) + ", but at most "
                            + Integer.MAX_VALUE + " requests can wait");
        }
    }

    private void group(ModelInstanceGroup group) throws ConfigException {
        if (group.getCount() < 0 || group.getCount() > MAX_COUNT) {
            throw error(
                    "instance_group.count",
                    "is " + group.getCount() + ", but must be 1 to " + MAX_COUNT + ", or 0 for the default of 1");
        }
        for (int gpu : group.getGpusList()) {
            if (gpu < 0) {
                throw error("instance_group.gpus", "names " + gpu + ", but devices are numbered from 0");
            }
        }
        if (group.getKind() == ModelInstanceGroup.Kind.UNRECOGNIZED) {
            throw error("instance_group.kind", "has an unknown value");
        }
        boolean cpu = group.getKind() == ModelInstanceGroup.Kind.KIND_CPU;
        if (cpu && group.getGpusCount() > 0) {
            throw error("instance_group.gpus", "names devices, but the kind is KIND_CPU");
        }
    }

    private void ensemble(ModelConfig config) throws ConfigException {
        if (config.getInstanceGroupCount() > 0) {
            throw error("instance_group", "cannot be set for an ensemble: its models have instances of their own");
        }
        ModelEnsembling ensemble = config.getEnsembleScheduling();
        if (ensemble.getStepCount() == 0) {
            throw error("ensemble_scheduling.step", "is missing; an ensemble has at least one step");
        }
        if (config.getInputCount() == 0 || config.getOutputCount() == 0) {
            throw error(
                    config.getInputCount() == 0 ? "input" : "output",
                    "is missing; an ensemble must say what its inputs and outputs are");
        }
        Set<String> made = new HashSet<>();
        config.getInputList().forEach(input -> made.add(input.getName()));
        for (ModelEnsembling.Step step : ensemble.getStepList()) {
            step(step, made);
        }
        for (ModelEnsembling.Step step : ensemble.getStepList()) {
            for (String tensor : step.getInputMapMap().values()) {
                if (!made.contains(tensor)) {
                    throw error(
                            "ensemble_scheduling.step.input_map",
                            "takes tensor \"" + tensor + "\" for model " + step.getModelName()
                                    + ", which is no input of the ensemble and which no step makes");
                }
            }
        }
        for (var output : config.getOutputList()) {
            if (!made.contains(output.getName())) {
                throw error(
                        "ensemble_scheduling.step.output_map",
                        "makes no tensor \"" + output.getName() + "\", which is an output of the ensemble");
            }
        }
    }

    private void step(ModelEnsembling.Step step, Set<String> made) throws ConfigException {
        if (!ModelNames.isModel(step.getModelName())) {
            throw error("ensemble_scheduling.step.model_name", "is \"" + step.getModelName() + "\", which is no name");
        }
        if (step.getModelName().equals(model)) {
            throw error("ensemble_scheduling.step.model_name", "names the ensemble itself");
        }
        if (step.getModelVersion() < -1) {
            throw error(
                    "ensemble_scheduling.step.model_version",
                    "is " + step.getModelVersion() + ", but must be a version or -1 for the latest");
        }
        if (step.getInputMapCount() == 0 || step.getOutputMapCount() == 0) {
            String field = step.getInputMapCount() == 0 ? "input_map" : "output_map";
            throw error("ensemble_scheduling.step." + field, "is missing for model " + step.getModelName());
        }
        for (String tensor : step.getOutputMapMap().values()) {
            if (!made.add(tensor)) {
                throw error(
                        "ensemble_scheduling.step.output_map",
                        "makes tensor \"" + tensor + "\" twice; each tensor comes from one step or the request");
            }
        }
    }

    private ConfigException error(String field, String rest) {
        return new ConfigException(
                field, DeclaredConfig.subject(model) + ": field " + field + " " + rest + ".", "Correct the field.");
    }
}
