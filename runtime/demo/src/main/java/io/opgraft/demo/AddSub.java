package io.opgraft.demo;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The tensors of the AddSub models: two INT32 [1,16] in, two out. */
final class AddSub {
    private static final int SIZE = 16;

    private AddSub() {}

    /** What an op library computes from one pair of elements. */
    interface Rule {
        int apply(int a, int b);
    }

    static int[] counting(int first) {
        int[] values = new int[SIZE];
        Arrays.setAll(values, i -> first + i);
        return values;
    }

    static int[] constant(int value) {
        int[] values = new int[SIZE];
        Arrays.fill(values, value);
        return values;
    }

    static String request(int[] a, int[] b) {
        return "{\"inputs\":[" + tensor("INPUT0", a) + "," + tensor("INPUT1", b) + "]}";
    }

    private static String tensor(String name, int[] values) {
        String data = Arrays.stream(values).mapToObj(Integer::toString).collect(Collectors.joining(","));
        return "{\"name\":\"" + name + "\",\"datatype\":\"INT32\",\"shape\":[1," + SIZE + "],\"data\":[" + data + "]}";
    }

    static int[] expect(int[] a, int[] b, Rule rule) {
        int[] values = new int[SIZE];
        Arrays.setAll(values, i -> rule.apply(a[i], b[i]));
        return values;
    }

    /** The numbers of an output, or an empty array if the answer has no such output. */
    static int[] output(JsonObject body, String name) {
        JsonArray outputs = body.containsKey("outputs") ? body.getJsonArray("outputs") : JsonValue.EMPTY_JSON_ARRAY;
        for (JsonObject output : outputs.getValuesAs(JsonObject.class)) {
            if (output.getString("name").equals(name)) {
                return output.getJsonArray("data").getValuesAs(jakarta.json.JsonNumber.class).stream()
                        .mapToInt(jakarta.json.JsonNumber::intValue)
                        .toArray();
            }
        }
        return new int[0];
    }

    /** The first numbers of a tensor, for people to read. */
    static String brief(int[] values) {
        String head = Arrays.stream(values).limit(4).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        return "[" + head + (values.length > 4 ? ", ...]" : "]");
    }

    /** The name and the value of every error answer. */
    static String error(JsonObject body) {
        return body.getString("error", Json.createValue("no error text").getString());
    }
}
