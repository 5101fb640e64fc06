package io.opgraft.ops.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.op.OpNamespace;
import io.opgraft.ops.OpOrigin;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Version;

/**
 * Capabilities of op bundles with random damage, and records of trials: what they are read as is a declaration, a refusal
 * that says why, or an {@link IOException}. Runs a second for each; longer with {@code -Dopgraft.fuzz.seconds=N}, from
 * another start with {@code -Dopgraft.fuzz.seed=N}.
 */
class CapabilityFuzzTest {
    private static final long SECONDS = Long.getLong("opgraft.fuzz.seconds", 1);
    private static final long SEED = Long.getLong("opgraft.fuzz.seed", 20_240_229);
    private static final int ROUNDS = 200;
    private static final String HEADER = "osgi.service;effective:=active,opgraft.op;framework=tensorflow;"
            + "ops:List<String>=\"Add,Sub\";version:Version=\"1.2.0\";library=\"native/linux-x86_64/libaddsub.so\","
            + "opgraft.op;framework=\"tensorrt\";library=\"native/linux-x86_64/b.so\";uses:=\"a;b\"";
    private static final String RECORD =
            "{\"a\":[1,true,\"x\",{\"b\":\"c\\u0041\"}],\"n\":-9,\"m\":{\"k\":{}},\"t\":{\"k\":[\"v\"]}}";

    private static final List<String> WORDS = List.of(
            ";",
            ",",
            ":",
            "=",
            ":=",
            "\"",
            "\\",
            "\\\\\"",
            "<",
            ">",
            " ",
            "\n",
            "\0",
            "é",
            "opgraft.op",
            "opgraft.op;",
            "ops",
            "version:Version=\"x\"",
            "version=\"99999999999.0\"",
            "library=\"native/../../etc/passwd\"",
            "library=\"native/linux-x86_64/../x\"",
            "library=\"/native/linux-x86_64/x\"",
            "library=\"native/a-b-c/\"",
            "List<",
            "Long=",
            "[",
            "]",
            "{",
            "}",
            "1e999",
            "99999999999999999999",
            "null",
            "tru",
            "\\u12",
            "\"a\":");

    private static final List<Object> VALUES = Arrays.asList(
            null,
            "",
            " ",
            "tensorflow",
            "native/linux-x86_64/libx.so",
            "native/linux-x86_64/",
            "native/linux-x86_64",
            "native//x.so",
            "native/linux-x86_64/../../x.so",
            "native/linux-x86_64/a/../../b",
            "native/linux-x86_64/\0.so",
            "/native/linux-x86_64/x.so",
            "native/-/x",
            "native/linux-aarch64/x.so",
            "1.2.3",
            "1.2.3.4.5",
            "-1",
            "99999999999.0",
            Version.valueOf("2.0"),
            7L,
            1.5,
            List.of(),
            List.of("A", "B", "A"),
            List.of(1L, 2L),
            Arrays.asList("A", null),
            "A,,B, ,C",
            "x".repeat(100_000));

    private final Random random = new Random(SEED);

    private String damage(String right) {
        StringBuilder text = new StringBuilder(right);
        for (int times = random.nextInt(5); times > 0 && !text.isEmpty(); times--) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + random.nextInt(12));
            String word = WORDS.get(random.nextInt(WORDS.size()));
            switch (random.nextInt(6)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(128));
                case 1 -> text.setLength(at);
                case 2 -> text.insert(at, word);
                case 3 -> text.replace(at, end, word);
                case 4 -> text.insert(at, word.repeat(1 + random.nextInt(5000)));
                default -> text.delete(at, end);
            }
        }
        return text.toString();
    }

    private interface Round {
        void run(String what) throws IOException;
    }

    private void rounds(Round round) {
        int read = 0;
        int refused = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (read + refused < ROUNDS || System.nanoTime() < end) {
            String what = "seed " + SEED + ", round " + (read + refused);
            long begin = System.nanoTime();
            try {
                round.run(what);
                read++;
            } catch (IOException e) {
                refused++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError(what, e);
            }
            assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(5), "slow, " + what);
        }
        assertTrue(read > 0 && read + refused > 20, read + " read, " + refused + " refused");
    }

    private static void declared(List<Map<String, Object>> capabilities, String what) {
        Capabilities.Owner owner = new Capabilities.Owner("io.acme", Version.valueOf("1.0.0"), 5, OpOrigin.NONE, false);
        for (Declared each : new Capabilities(Platform.parse("linux-x86_64")).read(owner, capabilities)) {
            if (each.valid()) {
                assertTrue(each.entry().startsWith("native/linux-"), what + ": " + each.entry());
                assertTrue(SafePaths.isSafe(each.entry()), what + ": " + each.entry());
            } else {
                assertFalse(each.refusal().isBlank(), what);
            }
        }
    }

    @Test
    void headers() {
        rounds(what -> declared(CapabilityHeader.read(damage(HEADER), OpNamespace.NAMESPACE), what));
    }

    @Test
    void attributes() {
        List<String> names =
                List.of(OpNamespace.FRAMEWORK, OpNamespace.OPS, OpNamespace.LIBRARY, OpNamespace.VERSION, "other");
        rounds(what -> {
            Map<String, Object> one = new HashMap<>();
            for (String name : names) {
                if (random.nextInt(5) > 0) {
                    one.put(name, VALUES.get(random.nextInt(VALUES.size())));
                }
            }
            Map<String, Object> right =
                    Map.of(OpNamespace.FRAMEWORK, "tensorflow", OpNamespace.LIBRARY, "native/linux-x86_64/liba.so");
            declared(random.nextBoolean() ? List.of(one) : List.of(one, right), what);
        });
    }

    @Test
    void records() {
        rounds(what -> {
            Json.Node node = Json.read(damage(RECORD));
            node.list("a").forEach(each -> assertFalse(each.value() == null, what));
            node.number("n");
            node.map("m").values().forEach(each -> assertFalse(each.value() == null, what));
            node.get("t").texts("k");
        });
    }
}
