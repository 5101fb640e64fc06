package io.opgraft.models.internal.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelConfig;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Reads a configuration in the form that {@link ConfigJson} writes. As in protobuf's own JSON, names may also be written
 * with humps, numbers as text, and {@code null} is a field that is not there.
 */
final class ConfigJsonReader {
    private static final int MAX_DEPTH = 32;
    private static final BigInteger MAX_UNSIGNED =
            BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final String model;
    private final JsonParser json;

    private ConfigJsonReader(String model, JsonParser json) {
        this.model = model;
        this.json = json;
    }

    static ModelConfig read(String model, String text) throws ConfigException {
        ModelConfig.Builder builder = ModelConfig.newBuilder();
        try (JsonParser json = FACTORY.createParser(text)) {
            ConfigJsonReader reader = new ConfigJsonReader(model, json);
            json.nextToken();
            reader.message(builder, "");
            if (json.nextToken() != null) {
                throw reader.error("", "has more after the end of its object");
            }
        } catch (JsonProcessingException e) {
            // Where an object began is told in words of the parser's own settings.
            String what = e.getOriginalMessage().replaceAll(" ?\\(start marker at .*", "");
            throw new ConfigException("", subject(model) + " is not valid JSON: " + what + ".", "");
        } catch (IOException e) {
            throw new ConfigException("", subject(model) + " cannot be read: " + e.getMessage() + ".", "");
        }
        return builder.build();
    }

    private static String subject(String model) {
        return "the given configuration of model " + model;
    }

    private void message(Message.Builder builder, String path) throws IOException, ConfigException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw error(path, "must be an object");
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            FieldDescriptor field = field(builder, json.currentName());
            String inner = path.isEmpty() ? json.currentName() : path + "." + json.currentName();
            if (field == null) {
                throw error(inner, "is unknown");
            }
            if (json.nextToken() == JsonToken.VALUE_NULL) {
                continue;
            }
            boolean second = field.getRealContainingOneof() != null && builder.hasOneof(field.getRealContainingOneof());
            if (second) {
                throw error(inner, "stands beside another field of which only one may be set");
            }
            if (field.isMapField()) {
                map(builder, field, inner);
            } else if (field.isRepeated()) {
                list(builder, field, inner);
            } else {
                builder.setField(field, value(builder, field, inner));
            }
        }
    }

    private Object value(Message.Builder owner, FieldDescriptor field, String path)
            throws IOException, ConfigException {
        if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
            if (json.currentToken() == null || !json.currentToken().isScalarValue()) {
                throw error(path, "must be a single value");
            }
            return scalar(field, json.currentToken(), json.getText(), path);
        }
        Message.Builder value = owner.newBuilderForField(field);
        message(value, path);
        return value.build();
    }

    /** By its name in the file or by the name with humps. */
    private static FieldDescriptor field(Message.Builder builder, String name) {
        FieldDescriptor field = builder.getDescriptorForType().findFieldByName(name);
        if (field != null) {
            return field;
        }
        return builder.getDescriptorForType().getFields().stream()
                .filter(f -> f.getJsonName().equals(name))
                .findFirst()
                .orElse(null);
    }

    private void list(Message.Builder builder, FieldDescriptor field, String path) throws IOException, ConfigException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw error(path, "must be a list");
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            builder.addRepeatedField(field, value(builder, field, path));
        }
    }

    private void map(Message.Builder builder, FieldDescriptor field, String path) throws IOException, ConfigException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw error(path, "must be an object");
        }
        FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            Message.Builder entry = builder.newBuilderForField(field);
            String name = json.currentName();
            entry.setField(key, scalar(key, JsonToken.VALUE_STRING, name, path));
            json.nextToken();
            entry.setField(value, value(entry, value, path + "." + name));
            builder.addRepeatedField(field, entry.build());
        }
    }

    private Object scalar(FieldDescriptor field, JsonToken token, String text, String path) throws ConfigException {
        boolean quoted = token == JsonToken.VALUE_STRING;
        boolean number = token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT;
        try {
            switch (field.getJavaType()) {
                case STRING -> {
                    if (quoted) {
                        return text;
                    }
                    throw error(path, "must be text");
                }
                case BOOLEAN -> {
                    if (token.isBoolean() || (quoted && (text.equals("true") || text.equals("false")))) {
                        return Boolean.valueOf(text);
                    }
                    throw error(path, "must be true or false");
                }
                case ENUM -> {
                    EnumValueDescriptor value = quoted
                            ? field.getEnumType().findValueByName(text)
                            : field.getEnumType()
                                    .findValueByNumber(
                                            whole(text, BigInteger.ZERO, BigInteger.valueOf(Integer.MAX_VALUE))
                                                    .intValue());
                    if (value == null) {
                        throw error(path, "is \"" + text + "\", which is none of its values");
                    }
                    return value;
                }
                case INT -> {
                    boolean unsigned = field.getType() == FieldDescriptor.Type.UINT32;
                    return whole(
                                    text,
                                    BigInteger.valueOf(unsigned ? 0 : Integer.MIN_VALUE),
                                    BigInteger.valueOf(unsigned ? 0xffff_ffffL : Integer.MAX_VALUE))
                            .intValue();
                }
                case LONG -> {
                    boolean unsigned = field.getType() == FieldDescriptor.Type.UINT64;
                    return (unsigned
                                    ? whole(text, BigInteger.ZERO, MAX_UNSIGNED)
                                    : whole(
                                            text,
                                            BigInteger.valueOf(Long.MIN_VALUE),
                                            BigInteger.valueOf(Long.MAX_VALUE)))
                            .longValue();
                }
                case FLOAT -> {
                    return Float.valueOf(text);
                }
                case DOUBLE -> {
                    return Double.valueOf(text);
                }
                default -> throw error(path, "cannot be given as JSON");
            }
        } catch (NumberFormatException | ArithmeticException e) {
            String shown = number ? text : "\"" + text + "\"";
            throw error(path, "is " + shown + ", which is no number that it can be");
        }
    }

    private static BigInteger whole(String text, BigInteger lowest, BigInteger highest) {
        // A short text, or an exponent could ask for gigabytes of digits.
        if (text.length() > 40 || new BigDecimal(text).scale() < -20) {
            throw new ArithmeticException();
        }
        BigInteger value = new BigDecimal(text).toBigIntegerExact();
        if (value.compareTo(lowest) < 0 || value.compareTo(highest) > 0) {
            throw new ArithmeticException();
        }
        return value;
    }

    private ConfigException error(String path, String rest) {
        String what = path.isEmpty() ? "" : ": field " + path;
        return new ConfigException(path, subject(model) + what + " " + rest + ".", "");
    }
}
