package io.opgraft.probe;

import java.util.List;
import java.util.Objects;

/**
 * What a process saw that loaded a library on trial.
 *
 * @param ops the ops that it registers, ordered by name
 * @param registrations everything that it registers, ops and kernels too, in the order of the calls
 * @param secondLoad why a second copy of the library could not be loaded into the same process; empty if it could
 * @param output what the library printed, cut if long
 * @param millis how long the process took
 */
public record ProbeReport(
        List<ProbedOp> ops, List<Registration> registrations, String secondLoad, String output, long millis) {
    /** Takes copies. */
    public ProbeReport {
        ops = List.copyOf(ops);
        registrations = List.copyOf(registrations);
        Objects.requireNonNull(secondLoad, "secondLoad");
        Objects.requireNonNull(output, "output");
    }

    /**
     * Finds an op.
     *
     * @param name as the author wrote it
     * @return null if the library does not register it
     */
    public ProbedOp op(String name) {
        for (ProbedOp op : ops) {
            if (op.name().equals(name)) {
                return op;
            }
        }
        return null;
    }
}
