package io.opgraft.tensorflow.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/**
 * Compares the definition of an op where a model was written with that of the library at hand. As in TensorFlow's own rules
 * for changes of ops, a definition may grow: attributes with defaults may be added, allowed values widen, minima fall. What
 * TensorFlow forbids for the sake of any graph is held against the nodes of this one: a difference counts if a node can
 * tell it. {@link NodeCheck} finds the rest.
 */
final class Definitions {
    private final Requirement requirement;
    private final OpDef expected;
    private final OpDef actual;
    private final Map<String, OpDef.AttrDef> before;
    private final Map<String, OpDef.AttrDef> now;
    private final List<String> found = new ArrayList<>();

    private Definitions(Requirement requirement, OpDef actual) {
        this.requirement = requirement;
        this.expected = requirement.listed();
        this.actual = actual;
        this.before = byName(expected);
        this.now = byName(actual);
    }

    /**
     * Every difference that matters as a sentence part whose "it" is the library; empty if the model does not say how the
     * op was defined.
     */
    static List<String> differences(Requirement requirement, OpDef actual) {
        if (requirement.listed() == null) {
            return List.of();
        }
        Definitions definitions = new Definitions(requirement, actual);
        definitions.compare();
        return definitions.found;
    }

    private void compare() {
        compareArguments("input", expected.getInputArgList(), actual.getInputArgList(), false);
        // In functions the outputs are used by name.
        compareArguments(
                "output",
                expected.getOutputArgList(),
                actual.getOutputArgList(),
                !requirement.functionNodes().isEmpty());
        before.forEach((name, attr) -> {
            if (!now.containsKey(name)) {
                removed(attr);
            } else {
                compareAttributes(attr, now.get(name));
            }
        });
        now.forEach((name, attr) -> {
            if (!before.containsKey(name) && !attr.hasDefaultValue()) {
                found.add("it has an attribute \"" + name + "\" (" + attr.getType()
                        + ") without a default that the model's version of the op lacks");
            }
        });
        if (expected.getIsStateful() && !actual.getIsStateful()) {
            found.add(
                    "it is not stateful, so runs of it may be shared or left out, but the model expects that each counts");
        }
        if (expected.getAllowsUninitializedInput() && !actual.getAllowsUninitializedInput()) {
            found.add("it does not take uninitialized inputs, but the model expects that it does");
        }
        List<String> lost = expected.getControlOutputList().stream()
                .filter(output -> !actual.getControlOutputList().contains(output))
                .toList();
        if (!lost.isEmpty()) {
            found.add("it lacks the control outputs " + lost + " that the model expects");
        }
    }

    private static Map<String, OpDef.AttrDef> byName(OpDef op) {
        Map<String, OpDef.AttrDef> attrs = new LinkedHashMap<>();
        op.getAttrList().forEach(attr -> attrs.put(attr.getName(), attr));
        return attrs;
    }

    private void compareArguments(String kind, List<OpDef.ArgDef> wanted, List<OpDef.ArgDef> present, boolean byName) {
        List<String> wantedTypes = flat(wanted, before, now);
        List<String> presentTypes = flat(present, now, before);
        boolean same =
                wantedTypes.equals(presentTypes) && (!byName || named(wanted).equals(named(present)));
        if (!same) {
            found.add("its " + kind + "s are (" + text(present) + "), but the model expects (" + text(wanted) + ")");
        }
    }

    /**
     * The types of arguments as one row. What an attribute decides that the other definition lacks is decided by its
     * default: no node sets it.
     */
    private static List<String> flat(
            List<OpDef.ArgDef> args, Map<String, OpDef.AttrDef> own, Map<String, OpDef.AttrDef> other) {
        List<String> row = new ArrayList<>();
        for (OpDef.ArgDef arg : args) {
            AttrValue types = fixed(arg.getTypeListAttr(), own, other);
            AttrValue type = fixed(arg.getTypeAttr(), own, other);
            AttrValue count = fixed(arg.getNumberAttr(), own, other);
            String ref = arg.getIsRef() ? "Ref " : "";
            if (types != null) {
                types.getList().getTypeList().forEach(each -> row.add(ref + Text.of(each)));
                continue;
            }
            String one = ref + (type == null ? typeOf(arg) : Text.of(type));
            if (count != null) {
                for (long i = 0; i < Math.min(count.getI(), 1_000_000); i++) {
                    row.add(one);
                }
            } else {
                row.add(arg.getNumberAttr().isEmpty() ? one : arg.getNumberAttr() + " * " + one);
            }
        }
        return row;
    }

    /** The default of an attribute that the other definition lacks; null for any other attribute. */
    private static AttrValue fixed(String name, Map<String, OpDef.AttrDef> own, Map<String, OpDef.AttrDef> other) {
        OpDef.AttrDef attr = own.get(name);
        return attr == null || other.containsKey(name) || !attr.hasDefaultValue() ? null : attr.getDefaultValue();
    }

    private static String typeOf(OpDef.ArgDef arg) {
        if (!arg.getTypeListAttr().isEmpty()) {
            return "list " + arg.getTypeListAttr();
        }
        return arg.getTypeAttr().isEmpty() ? Text.of(arg.getType()) : arg.getTypeAttr();
    }

    private static List<String> named(List<OpDef.ArgDef> args) {
        return args.stream().map(OpDef.ArgDef::getName).toList();
    }

    /** As REGISTER_OP writes it: {@code values: N * T}. */
    private static String text(List<OpDef.ArgDef> args) {
        return String.join(
                ", ",
                args.stream()
                        .map(arg -> {
                            String type = arg.getTypeListAttr().isEmpty() ? typeOf(arg) : arg.getTypeListAttr();
                            String all = arg.getNumberAttr().isEmpty() ? type : arg.getNumberAttr() + " * " + type;
                            return arg.getName() + ": " + (arg.getIsRef() ? "Ref(" + all + ")" : all);
                        })
                        .toList());
    }

    private Stream<NodeDef> nodes() {
        return Stream.concat(requirement.nodes().stream(), requirement.functionNodes().stream());
    }

    /** Whether a use leaves an attribute to its default. An op that is only named as a function says nothing. */
    private boolean isLeftOut(String name) {
        return nodes().findAny().isEmpty() || nodes().anyMatch(node -> !node.containsAttr(name));
    }

    private void removed(OpDef.AttrDef attr) {
        if (nodes().anyMatch(node -> node.containsAttr(attr.getName()))) {
            found.add("attribute \"" + attr.getName() + "\" is unknown to it");
        }
    }

    private void compareAttributes(OpDef.AttrDef wanted, OpDef.AttrDef present) {
        String name = "its attribute \"" + present.getName() + "\"";
        if (!wanted.getType().equals(present.getType())) {
            found.add(name + " is of type " + present.getType() + ", but the model expects " + wanted.getType());
            return;
        }
        AttrValue then = wanted.hasDefaultValue() ? wanted.getDefaultValue() : null;
        AttrValue today = present.hasDefaultValue() ? present.getDefaultValue() : null;
        if (then != null && !Objects.equals(then, today) && isLeftOut(present.getName())) {
            found.add(name + " has the default " + Text.of(today) + ", but the model relies on the default "
                    + Text.of(then));
        }
        if (isOpen(present.getName())) {
            compareLimits(name, wanted, present);
        }
    }

    /** Whether the value of an attribute shows only when the function around a node is called. */
    private boolean isOpen(String name) {
        return nodes().findAny().isEmpty()
                || nodes().anyMatch(node -> node.containsAttr(name)
                        && node.getAttrMap().get(name).getValueCase() == AttrValue.ValueCase.PLACEHOLDER);
    }

    private void compareLimits(String name, OpDef.AttrDef wanted, OpDef.AttrDef present) {
        boolean narrower =
                present.hasAllowedValues() && !(wanted.hasAllowedValues() && AttributeTypes.isWithin(wanted, present));
        if (narrower) {
            found.add(name + " allows only " + Text.of(present.getAllowedValues()) + ", but the model may use "
                    + (wanted.hasAllowedValues() ? Text.of(wanted.getAllowedValues()) : "any value"));
        }
        if (present.getHasMinimum() && !(wanted.getHasMinimum() && wanted.getMinimum() >= present.getMinimum())) {
            found.add(name + " must be at least " + present.getMinimum() + ", but the model may use "
                    + (wanted.getHasMinimum() ? "values from " + wanted.getMinimum() : "any value"));
        }
    }
}
