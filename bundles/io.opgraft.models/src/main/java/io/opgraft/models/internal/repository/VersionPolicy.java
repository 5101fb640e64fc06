package io.opgraft.models.internal.repository;

import io.opgraft.models.internal.proto.ModelConfigProto.ModelVersionPolicy;
import java.util.SortedSet;
import java.util.TreeSet;

/** Selects the versions to serve. */
public final class VersionPolicy {
    private VersionPolicy() {}

    /**
     * Applies a policy.
     *
     * @param policy from the configuration; unset means the latest one
     * @param present the version folders
     * @return the selected versions, for {@code specific} also those without a folder
     */
    public static SortedSet<Long> select(ModelVersionPolicy policy, SortedSet<Long> present) {
        return switch (policy.getPolicyChoiceCase()) {
            case ALL -> new TreeSet<>(present);
            case SPECIFIC -> new TreeSet<>(policy.getSpecific().getVersionsList());
            case LATEST ->
                latest(present, Integer.toUnsignedLong(policy.getLatest().getNumVersions()));
            case POLICYCHOICE_NOT_SET -> latest(present, 1);
        };
    }

    private static SortedSet<Long> latest(SortedSet<Long> present, long count) {
        SortedSet<Long> selected = new TreeSet<>();
        long left = Math.max(count, 1);
        for (Long version : new TreeSet<>(present).descendingSet()) {
            if (left-- <= 0) {
                break;
            }
            selected.add(version);
        }
        return selected;
    }
}
