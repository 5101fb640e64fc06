package io.opgraft.models.internal.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What each field of the schema does here. A field is found by its own path or by that of the message around it; every
 * path of the schema is covered.
 */
final class FieldSupport {
    /** What happens when a field is set. */
    enum Effect {
        /** It means what it means in Triton. */
        USED,
        /** Answers do not depend on it: it is named in a warning and otherwise ignored. */
        IGNORED,
        /** Answers, or which requests are taken, would depend on it: the model is refused. */
        REFUSED
    }

    /**
     * One line of the table.
     *
     * @param effect what happens
     * @param why for the message; empty if it is used
     */
    record Entry(Effect effect, String why) {}

    private static final Map<String, Entry> TABLE = new LinkedHashMap<>();

    static {
        used("name", "platform", "backend", "version_policy", "max_batch_size", "default_model_filename", "parameters");
        used("model_operations", "input.name", "input.data_type", "input.dims");
        used("input.reshape", "input.optional");
        used("output.name", "output.data_type", "output.dims", "output.reshape", "output.label_filename");
        used("dynamic_batching", "instance_group.name", "instance_group.kind", "instance_group.count");
        used("instance_group.gpus", "instance_group.profile");
        used("model_warmup", "response_cache", "metric_tags");
        used("ensemble_scheduling.step.model_name", "ensemble_scheduling.step.model_version");
        used("ensemble_scheduling.step.input_map", "ensemble_scheduling.step.output_map");

        ignored("runtime", "a backend has one runtime here");
        ignored("input.format", "it describes the order of dimensions and changes nothing");
        ignored("optimization", "the backend chooses by itself");
        ignored("model_metrics", "histograms have fixed buckets");
        ignored("instance_group.rate_limiter", "an instance runs as soon as it is free");
        ignored("instance_group.host_policy", "the operating system places threads");
        ignored("ensemble_scheduling.max_inflight_requests", "requests wait in the queues of the steps' models");

        refused("input.is_shape_tensor", "shape tensors are not supported");
        refused("output.is_shape_tensor", "shape tensors are not supported");
        refused("input.is_non_linear_format_io", "only linear tensors are supported");
        refused("output.is_non_linear_format_io", "only linear tensors are supported");
        refused("input.allow_ragged_batch", "ragged batches are not supported");
        refused("batch_input", "inputs made from a batch are not supported");
        refused("batch_output", "outputs scattered over a batch are not supported");
        refused("instance_group.secondary_devices", "only processors and GPUs run models");
        refused("instance_group.passive", "every instance takes requests");
        refused("ensemble_scheduling.step.model_namespace", "models have one name space");
        refused("sequence_batching", "sequences are not supported");
        refused("cc_model_filenames", "one file serves all devices");
        refused("model_transaction_policy.decoupled", "a request gets exactly one answer");
        refused("model_repository_agents", "repository agents are not supported");
    }

    private FieldSupport() {}

    private static void used(String... paths) {
        for (String path : paths) {
            TABLE.put(path, new Entry(Effect.USED, ""));
        }
    }

    private static void ignored(String path, String why) {
        TABLE.put(path, new Entry(Effect.IGNORED, why));
    }

    private static void refused(String path, String why) {
        TABLE.put(path, new Entry(Effect.REFUSED, why));
    }

    /**
     * Looks a field up.
     *
     * @param path field names from the outermost message on, joined by dots
     * @return its entry, or null if the table speaks of fields inside it
     */
    static Entry of(String path) {
        return TABLE.get(path);
    }

    /** All lines, by path. */
    static Map<String, Entry> table() {
        return Collections.unmodifiableMap(TABLE);
    }
}
