package io.opgraft.tensorflow.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.OpDef;

/** Compares the definition of an op where a model was written with that of the library at hand. Text for humans aside. */
final class Definitions {
    private Definitions() {}

    /** Every difference as a sentence part whose "it" is the library; empty if the definitions are equal. */
    static List<String> differences(OpDef expected, OpDef actual) {
        List<String> found = new ArrayList<>();
        compareArguments("input", expected.getInputArgList(), actual.getInputArgList(), found);
        compareArguments("output", expected.getOutputArgList(), actual.getOutputArgList(), found);
        compareAttributes(expected, actual, found);
        flag("stateful", expected.getIsStateful(), actual.getIsStateful(), found);
        flag("commutative", expected.getIsCommutative(), actual.getIsCommutative(), found);
        flag("an aggregate", expected.getIsAggregate(), actual.getIsAggregate(), found);
        flag(
                "open to uninitialized inputs",
                expected.getAllowsUninitializedInput(),
                actual.getAllowsUninitializedInput(),
                found);
        if (!expected.getControlOutputList().equals(actual.getControlOutputList())) {
            found.add("its control outputs are " + actual.getControlOutputList() + ", but the model expects "
                    + expected.getControlOutputList());
        }
        return found;
    }

    private static void flag(String what, boolean expected, boolean actual, List<String> found) {
        if (expected != actual) {
            found.add("it is " + (actual ? "" : "not ") + what + ", but the model expects the contrary");
        }
    }

    private static void compareArguments(
            String kind, List<OpDef.ArgDef> expected, List<OpDef.ArgDef> actual, List<String> found) {
        if (expected.size() != actual.size()) {
            found.add("it has " + actual.size() + " " + kind + "s " + names(actual) + ", but the model expects "
                    + expected.size() + " " + names(expected));
            return;
        }
        for (int i = 0; i < expected.size(); i++) {
            String wanted = text(expected.get(i));
            String present = text(actual.get(i));
            if (!wanted.equals(present)) {
                found.add(
                        "its " + kind + " " + i + " is \"" + present + "\", but the model expects \"" + wanted + "\"");
            }
        }
    }

    private static List<String> names(List<OpDef.ArgDef> args) {
        return args.stream().map(OpDef.ArgDef::getName).toList();
    }

    /** As REGISTER_OP writes it: {@code values: N * T}. */
    private static String text(OpDef.ArgDef arg) {
        String type = arg.getTypeListAttr();
        if (type.isEmpty()) {
            type = arg.getTypeAttr().isEmpty() ? Text.of(arg.getType()) : arg.getTypeAttr();
            type = arg.getNumberAttr().isEmpty() ? type : arg.getNumberAttr() + " * " + type;
        }
        return arg.getName() + ": " + (arg.getIsRef() ? "Ref(" + type + ")" : type);
    }

    private static void compareAttributes(OpDef expected, OpDef actual, List<String> found) {
        Map<String, OpDef.AttrDef> present = byName(actual);
        for (OpDef.AttrDef wanted : expected.getAttrList()) {
            OpDef.AttrDef attr = present.remove(wanted.getName());
            if (attr == null) {
                found.add("attribute \"" + wanted.getName() + "\" is unknown to it");
            } else {
                compareAttribute(wanted, attr, found);
            }
        }
        for (OpDef.AttrDef extra : present.values()) {
            found.add("it has an attribute \"" + extra.getName() + "\" (" + extra.getType()
                    + ") that the model's version of the op lacks");
        }
    }

    private static Map<String, OpDef.AttrDef> byName(OpDef op) {
        Map<String, OpDef.AttrDef> attrs = new LinkedHashMap<>();
        op.getAttrList().forEach(attr -> attrs.put(attr.getName(), attr));
        return attrs;
    }

    private static void compareAttribute(OpDef.AttrDef expected, OpDef.AttrDef actual, List<String> found) {
        String name = "its attribute \"" + actual.getName() + "\"";
        if (!expected.getType().equals(actual.getType())) {
            found.add(name + " is of type " + actual.getType() + ", but the model expects " + expected.getType());
            return;
        }
        if (!Objects.equals(defaultOf(expected), defaultOf(actual))) {
            found.add(name + " has the default " + Text.of(defaultOf(actual)) + ", but the model expects "
                    + Text.of(defaultOf(expected)));
        }
        if (!expected.getAllowedValues().equals(actual.getAllowedValues())) {
            found.add(name + " allows " + Text.of(actual.getAllowedValues()) + ", but the model expects "
                    + Text.of(expected.getAllowedValues()));
        }
        if (expected.getHasMinimum() != actual.getHasMinimum() || expected.getMinimum() != actual.getMinimum()) {
            found.add(name + " has another minimum than the model expects");
        }
    }

    private static AttrValue defaultOf(OpDef.AttrDef attr) {
        return attr.hasDefaultValue() ? attr.getDefaultValue() : null;
    }
}
