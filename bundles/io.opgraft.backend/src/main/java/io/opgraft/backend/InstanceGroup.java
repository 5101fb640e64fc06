package io.opgraft.backend;

import java.util.List;
import java.util.Objects;

/**
 * One {@code instance_group} of a model configuration: executors of equal kind.
 *
 * @param kind where they run
 * @param count executors on each device, at least 1
 * @param gpus device numbers, empty for every device that there is
 * @param profiles names of the optimization profiles to use, empty for the first
 */
public record InstanceGroup(Kind kind, int count, List<Integer> gpus, List<String> profiles) {
    /** Kinds of devices. */
    public enum Kind {
        /** On a GPU if the model and the machine have one, else on the processor. */
        AUTO,
        /** On a GPU. */
        GPU,
        /** On the processor. */
        CPU,
        /** As the model itself says. */
        MODEL
    }

    /** Takes copies. */
    public InstanceGroup {
        Objects.requireNonNull(kind, "kind");
        if (count < 1) {
            throw new IllegalArgumentException("count is " + count);
        }
        gpus = List.copyOf(gpus);
        profiles = List.copyOf(profiles);
    }

    /**
     * The same group where the backend has chosen what it left open.
     *
     * @param auto what {@link Kind#AUTO} means for the model
     * @param devices device numbers
     * @return a group that is not {@link Kind#AUTO}
     */
    public InstanceGroup settled(Kind auto, List<Integer> devices) {
        return new InstanceGroup(kind == Kind.AUTO ? auto : kind, count, devices, profiles);
    }
}
