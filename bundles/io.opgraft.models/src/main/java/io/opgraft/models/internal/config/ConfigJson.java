package io.opgraft.models.internal.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Writes a configuration as JSON the way Triton shows it: fields named as in {@code config.pbtxt} and in the schema's
 * order, 64-bit integers as numbers, enums by name, defaults included; messages and choices only if they are set.
 */
final class ConfigJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private ConfigJson() {}

    /** Renders a message. */
    static String write(Message message) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            write(json, message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Message message) throws IOException {
        json.writeStartObject();
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (field.isMapField()) {
                json.writeFieldName(field.getName());
                writeMap(json, (List<?>) message.getField(field));
            } else if (field.isRepeated()) {
                json.writeFieldName(field.getName());
                json.writeStartArray();
                for (Object element : (List<?>) message.getField(field)) {
                    writeValue(json, field, element);
                }
                json.writeEndArray();
            } else if (isShown(message, field)) {
                json.writeFieldName(field.getName());
                writeValue(json, field, message.getField(field));
            }
        }
        json.writeEndObject();
    }

    private static boolean isShown(Message message, FieldDescriptor field) {
        boolean mayBeAbsent = field.getJavaType() == JavaType.MESSAGE || field.getRealContainingOneof() != null;
        return !mayBeAbsent || message.hasField(field);
    }

    private static void writeMap(JsonGenerator json, List<?> entries) throws IOException {
        json.writeStartObject();
        for (Object element : entries) {
            Message entry = (Message) element;
            FieldDescriptor key = entry.getDescriptorForType().findFieldByNumber(1);
            FieldDescriptor value = entry.getDescriptorForType().findFieldByNumber(2);
            json.writeFieldName(String.valueOf(entry.getField(key)));
            writeValue(json, value, entry.getField(value));
        }
        json.writeEndObject();
    }

    private static void writeValue(JsonGenerator json, FieldDescriptor field, Object value) throws IOException {
        switch (field.getJavaType()) {
            case MESSAGE -> write(json, (Message) value);
            case ENUM -> json.writeString(((EnumValueDescriptor) value).getName());
            case STRING -> json.writeString((String) value);
            case BOOLEAN -> json.writeBoolean((Boolean) value);
            case BYTE_STRING -> json.writeBinary(((ByteString) value).toByteArray());
            case FLOAT -> json.writeNumber((Float) value);
            case DOUBLE -> json.writeNumber((Double) value);
            case INT ->
                json.writeNumber(
                        field.getType() == FieldDescriptor.Type.UINT32
                                ? Integer.toUnsignedLong((Integer) value)
                                : (Integer) value);
            case LONG -> {
                if (field.getType() == FieldDescriptor.Type.UINT64) {
                    json.writeNumber(Long.toUnsignedString((Long) value));
                } else {
                    json.writeNumber((Long) value);
                }
            }
        }
    }
}
