package io.opgraft.models.internal.warmup;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A tensor of a request or of a response.
 *
 * @param name input or output
 * @param type element type
 * @param shape concrete shape
 * @param data the elements, little-endian
 * @param parameters of this tensor, not looked at yet
 */
record JsonTensor(String name, DataType type, Shape shape, ByteBuffer data, Map<?, ?> parameters) {
    /** Reads the tensors of a field. */
    static List<JsonTensor> list(Map<?, ?> body, String field) throws MalformedException {
        if (!(body.get(field) instanceof List<?> list) || list.isEmpty()) {
            throw new MalformedException("has no list \"" + field + "\"");
        }
        List<JsonTensor> tensors = new ArrayList<>();
        for (Object element : list) {
            JsonTensor tensor = read(element, field);
            if (tensors.stream().anyMatch(t -> t.name.equals(tensor.name))) {
                throw new MalformedException("has \"" + tensor.name + "\" twice in \"" + field + "\"");
            }
            tensors.add(tensor);
        }
        return tensors;
    }

    private static JsonTensor read(Object element, String field) throws MalformedException {
        if (!(element instanceof Map<?, ?> map) || !(map.get("name") instanceof String name)) {
            throw new MalformedException("has an entry without a \"name\" in \"" + field + "\"");
        }
        try {
            DataType type = type(map.get("datatype"));
            Shape shape = shape(map.get("shape"));
            List<Object> values = new ArrayList<>();
            if (!(map.get("data") instanceof List<?> data)) {
                throw new MalformedException("has no list \"data\"");
            }
            flatten(data, values);
            if (values.size() != shape.elementCount()) {
                throw new MalformedException("has " + values.size() + " elements in \"data\", but shape " + shape
                        + " needs " + shape.elementCount());
            }
            return new JsonTensor(name, type, shape, Elements.encode(type, values), parameters(map));
        } catch (MalformedException e) {
            throw new MalformedException("is wrong at \"" + name + "\": it " + e.getMessage());
        } catch (ArithmeticException e) {
            throw new MalformedException("is wrong at \"" + name + "\": it is too large");
        }
    }

    /** The field {@code parameters}, empty if there is none. */
    static Map<?, ?> parameters(Map<?, ?> map) throws MalformedException {
        Object parameters = map.get("parameters");
        if (parameters != null && !(parameters instanceof Map<?, ?>)) {
            throw new MalformedException("has \"parameters\" that are no object");
        }
        return parameters == null ? Map.of() : (Map<?, ?>) parameters;
    }

    private static DataType type(Object name) throws MalformedException {
        try {
            if (name instanceof String text) {
                return DataType.valueOf(text);
            }
        } catch (IllegalArgumentException e) {
            throw new MalformedException("has the unknown datatype \"" + name + "\"");
        }
        throw new MalformedException("has no \"datatype\"");
    }

    private static Shape shape(Object value) throws MalformedException {
        if (!(value instanceof List<?> list)) {
            throw new MalformedException("has no list \"shape\"");
        }
        long[] dimensions = new long[list.size()];
        for (int i = 0; i < dimensions.length; i++) {
            Object size = list.get(i);
            boolean whole = size instanceof Integer || size instanceof Long || size instanceof BigInteger;
            if (!whole || ((Number) size).longValue() < 0) {
                throw new MalformedException("has " + size + " in its \"shape\"");
            }
            dimensions[i] = ((Number) size).longValue();
        }
        return Shape.of(dimensions);
    }

    private static void flatten(List<?> list, List<Object> values) {
        for (Object element : list) {
            if (element instanceof List<?> inner) {
                flatten(inner, values);
            } else {
                values.add(element);
            }
        }
    }
}
