package io.opgraft.tensorflow.internal;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.KernelDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/**
 * Holds the uses of an op in a model against the op that is to be bound. TensorFlow checks less: it only logs an unknown
 * attribute and then computes without it.
 */
final class NodeCheck {
    private final OpDef op;
    private final List<KernelDef> kernels;
    private final Set<String> found = new LinkedHashSet<>();

    private NodeCheck(OpDef op, List<KernelDef> kernels) {
        this.op = op;
        this.kernels = kernels;
    }

    /** Every difference as a sentence part; empty if all uses fit. */
    static List<String> differences(Requirement requirement, OpDef op, List<KernelDef> kernels) {
        NodeCheck check = new NodeCheck(op, kernels);
        requirement.nodes().forEach(node -> check.check(node, false));
        requirement.functionNodes().forEach(node -> check.check(node, true));
        return List.copyOf(check.found);
    }

    private void check(NodeDef node, boolean inFunction) {
        for (Map.Entry<String, AttrValue> attr : node.getAttrMap().entrySet()) {
            if (!attr.getKey().startsWith("_") && definition(attr.getKey()) == null) {
                found.add("attribute \"" + attr.getKey() + "\" is unknown to it");
            }
        }
        boolean complete = true;
        for (OpDef.AttrDef attr : op.getAttrList()) {
            AttrValue value = Arguments.attribute(attr.getName(), node, op);
            if (value == null) {
                found.add("its attribute \"" + attr.getName() + "\" has no default and the model does not set it");
                complete = false;
            } else if (isOpen(value)) {
                // Only known when the function around it is called.
                complete = false;
            } else {
                checkValue(attr, value);
            }
        }
        if (complete) {
            checkInputs(node, inFunction);
            checkKernel(node);
        }
    }

    private OpDef.AttrDef definition(String name) {
        for (OpDef.AttrDef attr : op.getAttrList()) {
            if (attr.getName().equals(name)) {
                return attr;
            }
        }
        return null;
    }

    private static boolean isOpen(AttrValue value) {
        return value.getValueCase() == AttrValue.ValueCase.PLACEHOLDER;
    }

    private void checkValue(OpDef.AttrDef attr, AttrValue value) {
        String type = attr.getType();
        String present = AttributeTypes.of(value);
        boolean list = type.startsWith("list(");
        if (!(list ? present.equals("list") : present.equals(type))) {
            found.add("its attribute \"" + attr.getName() + "\" is of type " + type + ", but the model sets "
                    + Text.of(value));
        } else if (!AttributeTypes.isAllowed(value, attr)) {
            found.add("its attribute \"" + attr.getName() + "\" does not allow " + Text.of(value) + ", only "
                    + Text.of(attr.getAllowedValues()));
        } else if (attr.getHasMinimum()) {
            long size = list ? AttributeTypes.listSize(value.getList()) : value.getI();
            if (size < attr.getMinimum()) {
                found.add("its attribute \"" + attr.getName() + "\" must be at least " + attr.getMinimum()
                        + ", but the model sets " + Text.of(value));
            }
        }
    }

    private void checkInputs(NodeDef node, boolean inFunction) {
        int expected = 0;
        for (OpDef.ArgDef arg : op.getInputArgList()) {
            expected += Arguments.types(arg, node, op).size();
        }
        int present = 0;
        boolean lists = false;
        for (String input : node.getInputList()) {
            if (!input.startsWith("^")) {
                present++;
                // In a function, "node:output" without an index may stand for a whole list of tensors.
                lists |= inFunction && input.indexOf(':') == input.lastIndexOf(':') && input.indexOf(':') >= 0;
            }
        }
        if (present > expected || (present < expected && !lists)) {
            found.add("it takes " + expected + (expected == 1 ? " input" : " inputs") + ", but the model gives "
                    + present);
        }
    }

    /** Which of several kernels for the same types a node asks for. */
    private static String label(NodeDef node) {
        return node.containsAttr("_kernel")
                ? node.getAttrMap().get("_kernel").getS().toStringUtf8()
                : "";
    }

    private void checkKernel(NodeDef node) {
        StringBuilder wanted = new StringBuilder();
        for (KernelDef kernel : kernels) {
            if (!kernel.getDeviceType().equals("CPU") || !kernel.getLabel().equals(label(node))) {
                continue;
            }
            boolean fits = true;
            for (KernelDef.AttrConstraint constraint : kernel.getConstraintList()) {
                AttrValue value = Arguments.attribute(constraint.getName(), node, op);
                if (value != null
                        && !AttributeTypes.isAmong(
                                value, constraint.getAllowedValues().getList())) {
                    fits = false;
                    String text = constraint.getName() + "=" + Text.of(value);
                    if (wanted.indexOf(text) < 0) {
                        wanted.append(wanted.length() == 0 ? " for " : ", ").append(text);
                    }
                }
            }
            if (fits) {
                return;
            }
        }
        found.add("it has no CPU kernel" + wanted);
    }
}
