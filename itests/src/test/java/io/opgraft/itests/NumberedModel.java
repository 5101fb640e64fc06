package io.opgraft.itests;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A fixture model whose answer follows from the numbers of the op versions that its {@code Opgraft-Ops} header names.
 *
 * @param name name in the repository
 * @param form what it computes
 */
record NumberedModel(String name, Form form) {
    private static final String SCALE = "FixtureScale";
    private static final String OFFSET = "FixtureOffset";

    /** The fixture models of op {@code FixtureScale}. */
    enum Form {
        GRAPH("scale"),
        NESTED("scale_nested"),
        WHILE("scale_while") {
            @Override
            float expected(float x, Map<String, Float> numbers) {
                float number = numbers.get(SCALE);
                return number * (number * (number * x));
            }
        },
        COND("scale_cond"),
        CHAIN("chain") {
            @Override
            float expected(float x, Map<String, Float> numbers) {
                return numbers.get(SCALE) * x + numbers.get(OFFSET);
            }
        },
        LIBRARY_GRAPH("scale_library_graph"),
        /** See {@link StormCrowd}. */
        CROWD("") {
            @Override
            float expected(float x, Map<String, Float> numbers) {
                float sum = 0;
                for (float number : numbers.values()) {
                    sum += number;
                }
                return sum * x;
            }
        };

        private final String fixture;

        Form(String fixture) {
            this.fixture = fixture;
        }

        float expected(float x, Map<String, Float> numbers) {
            return numbers.get(SCALE) * x;
        }
    }

    /** Adds the model to a repository, its ops pinned to the bundles. */
    NumberedModel addTo(FixtureRepository repository, String... bundles) throws IOException {
        repository.model(form.fixture, name, bundles);
        return this;
    }

    HttpResponse<String> infer(HttpProbe http, int x) throws IOException, InterruptedException {
        return http.post(
                "/v2/models/" + name + "/infer",
                "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":["
                        + (x + "," + (x + 1) + "," + (x + 2) + "," + (x + 3)) + "]}]}");
    }

    /** The versions that computed an answer: op name to {@code bundle/version}. */
    static Map<String, String> computedBy(HttpResponse<String> response) {
        Map<String, String> ops = new LinkedHashMap<>();
        for (String wire :
                response.headers().firstValue("Opgraft-Ops").orElse("").split(",", -1)) {
            int equals = wire.indexOf('=');
            if (equals > 0) {
                ops.put(wire.substring(0, equals), wire.substring(equals + 1));
            }
        }
        return ops;
    }

    /** What is wrong with an answer; null if the numbers of the versions that it names give it. */
    String fault(HttpResponse<String> response, int x) {
        Map<String, Float> numbers = new LinkedHashMap<>();
        computedBy(response).forEach((op, label) -> numbers.put(op, NumberedOps.number(op, label)));
        float[] data = data(response.body());
        boolean right = data.length == 4 && !numbers.isEmpty();
        for (int i = 0; right && i < data.length; i++) {
            right = data[i] == form.expected(x + i, numbers);
        }
        return right
                ? null
                : name + " for " + x + ": " + response.headers().map().get("Opgraft-Ops") + " " + response.body();
    }

    private static float[] data(String body) {
        int from = body.indexOf("\"data\"");
        int open = body.indexOf('[', from);
        int close = body.indexOf(']', open);
        if (from < 0 || open < 0 || close < 0) {
            return new float[0];
        }
        String[] texts = body.substring(open + 1, close).split(",", -1);
        float[] data = new float[texts.length];
        for (int i = 0; i < texts.length; i++) {
            data[i] = Float.parseFloat(texts[i].strip());
        }
        return data;
    }
}
