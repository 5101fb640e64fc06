package io.opgraft.tensorflow.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.OpDef;

/** The signature of an op as REGISTER_OP takes it: {@code (x: T, y: N * float) -> (z: T), T: {float, double}}. */
final class OpSignature {
    private OpSignature() {}

    static String of(OpDef op) {
        StringBuilder text = new StringBuilder(arguments(op.getInputArgList()))
                .append(" -> ")
                .append(arguments(op.getOutputArgList()));
        for (OpDef.AttrDef attr : op.getAttrList()) {
            text.append(", ").append(attribute(attr));
        }
        if (op.getIsStateful()) {
            text.append(", stateful");
        }
        return text.toString();
    }

    private static String arguments(List<OpDef.ArgDef> args) {
        return args.stream().map(OpSignature::argument).collect(Collectors.joining(", ", "(", ")"));
    }

    private static String argument(OpDef.ArgDef arg) {
        String type = arg.getTypeListAttr();
        if (type.isEmpty()) {
            type = arg.getTypeAttr().isEmpty() ? Text.of(arg.getType()) : arg.getTypeAttr();
            type = arg.getNumberAttr().isEmpty() ? type : arg.getNumberAttr() + " * " + type;
        }
        return arg.getName() + ": " + (arg.getIsRef() ? "Ref(" + type + ")" : type);
    }

    private static String attribute(OpDef.AttrDef attr) {
        String type = attr.getType();
        if (attr.hasAllowedValues()) {
            String allowed = values(attr.getAllowedValues());
            type = type.startsWith("list(") ? "list({" + allowed + "})" : "{" + allowed + "}";
        }
        StringBuilder text = new StringBuilder(attr.getName()).append(": ").append(type);
        if (attr.getHasMinimum()) {
            text.append(" >= ").append(attr.getMinimum());
        }
        if (attr.hasDefaultValue()) {
            text.append(" = ").append(defaultValue(attr.getDefaultValue()));
        }
        return text.toString();
    }

    private static String values(AttrValue value) {
        AttrValue.ListValue list = value.getList();
        List<String> texts = new ArrayList<>();
        list.getTypeList().forEach(type -> texts.add(Text.of(type)));
        list.getSList()
                .forEach(s -> texts.add(Text.of(AttrValue.newBuilder().setS(s).build())));
        return String.join(", ", texts);
    }

    private static String defaultValue(AttrValue value) {
        if (!value.hasList()) {
            return Text.of(value);
        }
        String text = Text.of(value);
        return text.startsWith("[") ? text : "[" + text + "]";
    }
}
