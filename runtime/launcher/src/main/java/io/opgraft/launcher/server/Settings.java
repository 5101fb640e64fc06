package io.opgraft.launcher.server;

import java.lang.reflect.Array;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What a PID can be told.
 *
 * @param pid the PID
 * @param attributes its properties by name
 */
record Settings(String pid, Map<String, Attribute> attributes) {
    /** Properties that options of the command line always set. */
    private static final Map<String, String> OPTIONS = Map.of(
            "io.opgraft.http/address", "--http-address",
            "io.opgraft.http/port", "--http-port",
            "io.opgraft.http/serverName", "--id",
            "io.opgraft.metrics/address", "--http-address",
            "io.opgraft.metrics/port", "--metrics-port",
            "io.opgraft.models/repositories", "--model-repository",
            "io.opgraft.models/controlMode", "--model-control-mode",
            "io.opgraft.models/load", "--load-model",
            "io.opgraft.shell/socket", "--data");

    /**
     * A property.
     *
     * @param type as in the Metatype service, such as {@code Long}
     * @param many whether it takes a list
     * @param choices what it may be; empty for anything
     */
    record Attribute(String type, boolean many, List<String> choices) {
        private boolean accepts(Object value) {
            boolean right =
                    switch (type) {
                        case "Boolean" -> value instanceof Boolean;
                        case "Long", "Integer", "Short", "Byte" -> value instanceof Long || value instanceof Integer;
                        case "Double", "Float" -> value instanceof Number;
                        default -> value instanceof String;
                    };
            return right && (choices.isEmpty() || choices.contains(value.toString()));
        }

        private String text() {
            String one = choices.isEmpty() ? type : "one of " + String.join(", ", choices);
            return many ? "a list, each " + one : one;
        }
    }

    /** What is wrong with a value of a property; null if nothing is. */
    String problem(String name, Object value) {
        Attribute attribute = attributes.get(name);
        if (attribute == null) {
            return pid + " has no property " + name + "; it has "
                    + String.join(", ", new TreeSet<>(attributes.keySet()));
        }
        String option = OPTIONS.get(pid + "/" + name);
        if (option != null) {
            return name + " of " + pid + " is what the option " + option + " sets; use that";
        }
        List<Object> values = values(value);
        if ((values.size() != 1 && !attribute.many()) || !values.stream().allMatch(attribute::accepts)) {
            return name + " of " + pid + " must be " + attribute.text() + ", but is " + values;
        }
        return null;
    }

    private static List<Object> values(Object value) {
        if (value instanceof Collection<?> collection) {
            return List.copyOf(collection);
        }
        if (value.getClass().isArray()) {
            Object[] copy = new Object[Array.getLength(value)];
            for (int i = 0; i < copy.length; i++) {
                copy[i] = Array.get(value, i);
            }
            return List.of(copy);
        }
        return List.of(value);
    }
}
