package io.opgraft.models.internal.config;

import io.opgraft.backend.EnsembleStep;
import io.opgraft.backend.InstanceGroup;
import io.opgraft.backend.Shape;
import io.opgraft.models.ModelOptions;
import io.opgraft.models.QueuePolicy;
import io.opgraft.models.QueuePolicy.TimeoutAction;
import io.opgraft.models.Scheduling;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelConfig;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelDynamicBatching;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelInput;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelInstanceGroup;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelQueuePolicy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What a checked configuration says beyond its tensors, in the form that the request path and backends take. */
final class Options {
    private Options() {}

    static ModelOptions of(ModelConfig config, int maxBatchSize, Map<String, List<String>> labels) {
        Set<String> optional = config.getInputList().stream()
                .filter(ModelInput::getOptional)
                .map(ModelInput::getName)
                .collect(Collectors.toSet());
        Map<String, Shape> inputs = new HashMap<>();
        config.getInputList().stream()
                .filter(ModelInput::hasReshape)
                .forEach(i -> inputs.put(
                        i.getName(),
                        DeclaredConfig.fullShape(maxBatchSize, i.getReshape().getShapeList())));
        Map<String, Shape> outputs = new HashMap<>();
        config.getOutputList().stream()
                .filter(o -> o.hasReshape())
                .forEach(o -> outputs.put(
                        o.getName(),
                        DeclaredConfig.fullShape(maxBatchSize, o.getReshape().getShapeList())));
        return new ModelOptions(
                scheduling(config, maxBatchSize),
                optional,
                inputs,
                outputs,
                labels,
                config.getResponseCache().getEnable(),
                config.getMetricTagsMap());
    }

    private static Scheduling scheduling(ModelConfig config, int maxBatchSize) {
        if (!config.hasDynamicBatching()) {
            return Scheduling.PLAIN;
        }
        ModelDynamicBatching batching = config.getDynamicBatching();
        Map<Integer, QueuePolicy> policies = batching.getPriorityQueuePolicyMap().entrySet().stream()
                .collect(Collectors.toMap(e -> Math.toIntExact(e.getKey()), e -> policy(e.getValue())));
        return new Scheduling(
                maxBatchSize > 1,
                batching.getPreferredBatchSizeList(),
                micros(batching.getMaxQueueDelayMicroseconds()),
                batching.getPreserveOrdering(),
                Math.toIntExact(batching.getPriorityLevels()),
                Math.toIntExact(batching.getDefaultPriorityLevel()),
                policy(batching.getDefaultQueuePolicy()),
                policies);
    }

    private static QueuePolicy policy(ModelQueuePolicy policy) {
        return new QueuePolicy(
                policy.getTimeoutAction() == ModelQueuePolicy.TimeoutAction.DELAY
                        ? TimeoutAction.DELAY
                        : TimeoutAction.REJECT,
                micros(policy.getDefaultTimeoutMicroseconds()),
                policy.getAllowTimeoutOverride(),
                policy.getMaxQueueSize());
    }

    /** The schema's numbers have no sign; what does not fit is longer than any server runs. */
    private static long micros(long unsigned) {
        return unsigned < 0 ? Long.MAX_VALUE : unsigned;
    }

    static List<InstanceGroup> groups(ModelConfig config) {
        return config.getInstanceGroupList().stream()
                .map(g -> new InstanceGroup(
                        kind(g.getKind()), Math.max(g.getCount(), 1), g.getGpusList(), g.getProfileList()))
                .toList();
    }

    private static InstanceGroup.Kind kind(ModelInstanceGroup.Kind kind) {
        return switch (kind) {
            case KIND_GPU -> InstanceGroup.Kind.GPU;
            case KIND_CPU -> InstanceGroup.Kind.CPU;
            case KIND_MODEL -> InstanceGroup.Kind.MODEL;
            default -> InstanceGroup.Kind.AUTO;
        };
    }

    static List<EnsembleStep> steps(ModelConfig config) {
        return config.getEnsembleScheduling().getStepList().stream()
                .map(s -> new EnsembleStep(
                        s.getModelName(),
                        // Zero is what an unwritten field reads as.
                        s.getModelVersion() == 0 ? -1 : s.getModelVersion(),
                        s.getInputMapMap(),
                        s.getOutputMapMap()))
                .toList();
    }
}
