package io.opgraft.tensorflow.internal;

import io.opgraft.backend.OpRequirement;
import io.opgraft.backend.OpScope;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.KernelDef;
import org.tensorflow.proto.OpDef;

/** An op library that is loaded under names of its own. */
final class Scope implements OpScope {
    /**
     * An op of the library.
     *
     * @param definition as registered, so with the private name
     * @param kernels of all devices
     */
    record Op(OpDef definition, List<KernelDef> kernels) {}

    private final String prefix;
    private final Map<String, Op> ops;

    Scope(String prefix, Map<String, Op> ops) {
        this.prefix = prefix;
        this.ops = Map.copyOf(ops);
    }

    /** The private form of a name. Those with an underscore keep it in front: TensorFlow lets no other name pass. */
    static String privateName(String prefix, String name) {
        return name.startsWith("_") ? "_" + prefix + name : prefix + name;
    }

    String prefix() {
        return prefix;
    }

    String privateName(String op) {
        return privateName(prefix, op);
    }

    @Override
    public Set<String> ops() {
        return ops.keySet();
    }

    @Override
    public List<String> mismatches(OpRequirement requirement) {
        Op op = ops.get(requirement.op());
        if (op == null) {
            return List.of("it does not define the op");
        }
        if (!(requirement instanceof Requirement expected)) {
            return List.of("the requirement is not one of this backend");
        }
        return mismatches(expected, op);
    }

    /** Every difference between what a model expects and an op, as a sentence part. */
    static List<String> mismatches(Requirement expected, Op op) {
        Set<String> found = new LinkedHashSet<>(Definitions.differences(expected, op.definition()));
        found.addAll(NodeCheck.differences(expected, op.definition(), op.kernels()));
        return new ArrayList<>(found);
    }
}
