package io.opgraft.tensorflow.internal;

import com.google.protobuf.TextFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;

/** Attribute values and types in words, short enough for a message. */
final class Text {
    private static final int LIMIT = 80;

    private Text() {}

    static String of(DataType type) {
        return type.name().startsWith("DT_") ? type.name().substring(3).toLowerCase(Locale.ROOT) : type.name();
    }

    static String ofTypes(List<DataType> types) {
        return types.stream().map(Text::of).collect(Collectors.joining(", "));
    }

    /** The value, or {@code none} for null. */
    static String of(AttrValue value) {
        if (value == null || value.getValueCase() == AttrValue.ValueCase.VALUE_NOT_SET) {
            return "none";
        }
        String text =
                switch (value.getValueCase()) {
                    case TYPE -> of(value.getType());
                    case I -> Long.toString(value.getI());
                    case F -> Float.toString(value.getF());
                    case B -> Boolean.toString(value.getB());
                    case S -> "\"" + TextFormat.escapeBytes(value.getS()) + "\"";
                    case LIST -> list(value.getList());
                    default -> TextFormat.printer().shortDebugString(value);
                };
        return text.length() <= LIMIT ? text : text.substring(0, LIMIT) + "...";
    }

    private static String list(AttrValue.ListValue list) {
        if (list.getTypeCount() > 0) {
            return ofTypes(list.getTypeList());
        }
        if (list.getSCount() > 0) {
            return list.getSList().stream().map(TextFormat::escapeBytes).collect(Collectors.joining(", "));
        }
        return "[" + TextFormat.printer().shortDebugString(list) + "]";
    }
}
