package io.opgraft.tensorflow.internal;

import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.OpDef;

/** Kinds of attribute values, by the words that op definitions use. */
final class AttributeTypes {
    private AttributeTypes() {}

    /** {@code int}, {@code type} and so on; {@code list} for any list. */
    static String of(AttrValue value) {
        return switch (value.getValueCase()) {
            case S -> "string";
            case I -> "int";
            case F -> "float";
            case B -> "bool";
            case TYPE -> "type";
            case SHAPE -> "shape";
            case TENSOR -> "tensor";
            case FUNC -> "func";
            case LIST -> "list";
            default -> "nothing";
        };
    }

    static int listSize(AttrValue.ListValue list) {
        return list.getSCount()
                + list.getICount()
                + list.getFCount()
                + list.getBCount()
                + list.getTypeCount()
                + list.getShapeCount()
                + list.getTensorCount()
                + list.getFuncCount();
    }

    static boolean isAllowed(AttrValue value, OpDef.AttrDef attr) {
        return !attr.hasAllowedValues()
                || isAmong(value, attr.getAllowedValues().getList());
    }

    /** Whether one definition allows all that another allowed. Both restrict their values. */
    static boolean isWithin(OpDef.AttrDef narrow, OpDef.AttrDef wide) {
        AttrValue.ListValue allowed = wide.getAllowedValues().getList();
        return isAmong(narrow.getAllowedValues(), allowed);
    }

    /** Whether a value, or each of a list of values, is among some. Only types and strings are ever restricted. */
    static boolean isAmong(AttrValue value, AttrValue.ListValue some) {
        return switch (value.getValueCase()) {
            case TYPE -> some.getTypeValueList().contains(value.getTypeValue());
            case S -> some.getSList().contains(value.getS());
            case LIST ->
                some.getTypeValueList().containsAll(value.getList().getTypeValueList())
                        && some.getSList().containsAll(value.getList().getSList());
            default -> true;
        };
    }
}
