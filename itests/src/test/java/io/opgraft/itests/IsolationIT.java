package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every known hazard of native libraries in one process: right or refused, never silently wrong. */
class IsolationIT {
    @TempDir
    static Path folder;

    private static ServerProcess server;

    @BeforeAll
    static void start() throws Exception {
        Path data = folder.resolve("data");
        FixtureRepository fixtures = new FixtureRepository(folder.resolve("models"), data.resolve("deploy"));
        deployLibraries(fixtures);
        copyModels(fixtures);
        server = ServerProcess.start(data, fixtures.models());
        server.http().awaitSettled();
    }

    private static void deployLibraries(FixtureRepository fixtures) throws Exception {
        fixtures.bundle("f.scale", "1.0.0", "scale-1", "libscale.so", "FixtureScale");
        fixtures.bundle("f.scale", "2.0.0", "scale-2", "libscale.so", "FixtureScale");
        fixtures.bundle("f.scale.cpp", "1.0.0", "scale-cpp-1", "libscale.so", "FixtureScale");
        fixtures.bundle("f.scale.cpp", "2.0.0", "scale-cpp-2", "libscale.so", "FixtureScale");
        fixtures.bundle("f.offset", "1.0.0", "offset", "liboffset.so", "FixtureOffset");
        fixtures.bundle("f.noshape", "1.0.0", "noshape", "libnoshape.so", "FixtureNoShape");
        fixtures.bundle("f.upper", "1.0.0", "upper", "libupper.so", "FixtureUpper");
        fixtures.bundle("f.behaviour", "1.0.0", "behaviour", "libbehaviour.so", "FixtureSleep", "FixtureFail");
        for (String version : List.of("1", "2")) {
            String full = version + ".0.0";
            fixtures.bundle("f.unique", full, "unique-" + version, "libunique.so", "FixtureUnique");
            fixtures.bundle("f.helper", full, "helper-" + version, "libhelperop.so", "FixtureHelper");
            fixtures.bundle("f.registries", full, "registries-" + version, "libregistries.so", "FixtureRegistries");
        }
        fixtures.bundle("f.helper.missing", "1.0.0", "helper-missing", "libhelperop.so", "FixtureHelper");
        fixtures.bundle("f.statictls", "1.0.0", "static-tls", "libstatictls.so", "FixtureStaticTls");
        fixtures.bundle("f.builtin", "1.0.0", "builtin-kernel", "libbuiltin.so", "FixtureBuiltin");
        fixtures.bundle("f.corename", "1.0.0", "core-name", "libcorename.so", "Softsign");
        fixtures.bundle("f.nothing", "1.0.0", "nothing", "libnothing.so", "FixtureNothing");
        fixtures.bundle("f.noneeded", "1.0.0", "no-needed", "libscale.so", "FixtureScale");
        fixtures.bundle("f.undefined", "1.0.0", "undefined", "libundefined.so", "FixtureUndefined");
        fixtures.bundle("f.machine", "1.0.0", "wrong-machine", "libscale.so", "FixtureScale");
        fixtures.bundle("f.cut.segment", "1.0.0", "cut-segment", "libscale.so", "FixtureScale");
        fixtures.bundle("f.cut.sections", "1.0.0", "cut-sections", "libscale.so", "FixtureScale");
    }

    private static void copyModels(FixtureRepository fixtures) throws Exception {
        fixtures.model("scale", "scale_c", "f.scale;version='[1.0,2.0)'");
        fixtures.model("scale", "scale_cpp1", "f.scale.cpp;version='[1.0,2.0)'");
        fixtures.model("scale", "scale_cpp2", "f.scale.cpp;version='[2.0,3.0)'");
        for (String name : List.of("scale_nested", "scale_while", "scale_cond", "scale_library_graph")) {
            fixtures.model(name, name, "f.scale;version='[1.0,2.0)'");
        }
        for (String name : List.of("scale_bias", "scale_bias_graph", "scale_bias_unlisted")) {
            fixtures.model(name, name, "f.scale;version='[2.0,3.0)'");
            fixtures.model(name, name + "_on_1", "f.scale;version='[1.0,2.0)'");
        }
        fixtures.model("scale", "scale_ambiguous");
        fixtures.model("chain", "chain", "f.scale.cpp;version='[1.0,2.0)'", "f.offset");
        for (String name : List.of("unique", "helper", "registries")) {
            fixtures.model(name, name + "_1", "f." + name + ";version='[1.0,2.0)'");
            fixtures.model(name, name + "_2", "f." + name + ";version='[2.0,3.0)'");
        }
        fixtures.model("helper", "helper_missing", "f.helper.missing");
        for (String name : List.of("noneeded", "machine", "cut.segment", "cut.sections")) {
            fixtures.model("scale", "scale_" + name, "f." + name);
        }
        for (String name : List.of(
                "function_named_like_op",
                "noshape",
                "noshape_graph",
                "upper",
                "upper_graph",
                "static_tls",
                "builtin",
                "softsign",
                "undefined",
                "missing_ops",
                "fail",
                "two_versions",
                "no_config")) {
            fixtures.model(name);
        }
        fixtures.model("variable_table", "variable_table", "f.scale;version='[1.0,2.0)'");
        for (Path identity : Identities.models()) {
            fixtures.model(identity.getFileName().toString());
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> infer(String model, String data) throws Exception {
        return client().infer(model, data);
    }

    private static RowClient client() {
        return new RowClient(server.http());
    }

    private static void assertAnswers(String model, String input, String output, String ops) throws Exception {
        client().assertAnswers(model, input, output, ops);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "scale_c                | 1 2 3 4  | 2.0 4.0 6.0 8.0      | FixtureScale=f.scale/1.0.0",
                "scale_cpp1             | 1 2 3 4  | 2.0 4.0 6.0 8.0      | FixtureScale=f.scale.cpp/1.0.0",
                "scale_cpp2             | 1 2 3 4  | 10.0 20.0 30.0 40.0  | FixtureScale=f.scale.cpp/2.0.0",
                "scale_nested           | 1 2 3 4  | 2.0 4.0 6.0 8.0      | FixtureScale=f.scale/1.0.0",
                "scale_while            | 1 2 3 4  | 8.0 16.0 24.0 32.0   | FixtureScale=f.scale/1.0.0",
                "scale_cond             | 1 2 3 4  | 2.0 4.0 6.0 8.0      | FixtureScale=f.scale/1.0.0",
                "scale_cond             | -1 -2 0 1 | -1.0 -2.0 0.0 1.0   | FixtureScale=f.scale/1.0.0",
                "scale_library_graph    | 1 2 3 4  | 2.0 4.0 6.0 8.0      | FixtureScale=f.scale/1.0.0",
                "no_config              | 1 2 3 4  | 2.0 4.0 6.0 8.0      |",
                "function_named_like_op | 1 2 3 4  | 7.0 14.0 21.0 28.0   |",
                "scale_bias             | 1 2 3 4  | 11.5 21.5 31.5 41.5  | FixtureScale=f.scale/2.0.0",
                "scale_bias_graph       | 1 2 3 4  | 11.5 21.5 31.5 41.5  | FixtureScale=f.scale/2.0.0",
                "scale_bias_unlisted    | 1 2 3 4  | 11.5 21.5 31.5 41.5  | FixtureScale=f.scale/2.0.0",
                "chain                  | 1 2 3 4  | 3.0 5.0 7.0 9.0"
                        + "      | FixtureOffset=f.offset/1.0.0,FixtureScale=f.scale.cpp/1.0.0",
                "noshape                | 1 2 3 4  | 3.0 6.0 9.0 12.0     | FixtureNoShape=f.noshape/1.0.0",
                "noshape_graph          | 1 2 3 4  | 3.0 6.0 9.0 12.0     | FixtureNoShape=f.noshape/1.0.0",
                "unique_1               | 1 2 3 4  | 2.0 4.0 6.0 8.0      | FixtureUnique=f.unique/1.0.0",
                "unique_2               | 1 2 3 4  | 10.0 20.0 30.0 40.0  | FixtureUnique=f.unique/2.0.0",
                "helper_1               | 1 2 3 4  | 2.0 4.0 6.0 8.0      | FixtureHelper=f.helper/1.0.0",
                "helper_2               | 1 2 3 4  | 10.0 20.0 30.0 40.0  | FixtureHelper=f.helper/2.0.0",
                "registries_1           | 1 2 3 4  | 2.0 4.0 6.0 8.0      | FixtureRegistries=f.registries/1.0.0",
                "registries_2           | 1 2 3 4  | 10.0 20.0 30.0 40.0  | FixtureRegistries=f.registries/2.0.0",
                "static_tls             | 1 2 3 4  | 2.0 4.0 6.0 8.0      | FixtureStaticTls=f.statictls/1.0.0",
                "builtin                | 1 2 3 4  | 2.0 4.0 6.0 8.0      | FixtureBuiltin=f.builtin/1.0.0",
                "softsign               | 0 1 3 7  | 0.0 0.5 0.75 0.875   |",
                "fail                   | 1 2 3 4  | 1.0 2.0 3.0 4.0      | FixtureFail=f.behaviour/1.0.0",
                "two_versions           | 1 2 3 4  | 3.0 4.0 5.0 6.0      |",
            })
    void answersAreRight(String model, String input, String output, String ops) throws Exception {
        assertAnswers(model, input, output, ops);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "scale_bias_on_1          | bias            | f.scale/1.0.0",
                "scale_bias_graph_on_1    | bias            | f.scale/1.0.0",
                "scale_bias_unlisted_on_1 | bias            | f.scale/1.0.0",
                "scale_ambiguous          | f.scale         | model_operations",
                "helper_missing           | liblabhelper.so | f.helper.missing",
                "undefined                | TF_OpgraftFixtureIsNotThere | f.undefined",
                "missing_ops              | FixtureNowhere  | FixtureNowhereNested",
                "scale_noneeded           | TF_             | f.noneeded",
                "scale_machine            | aarch64         | f.machine",
                "scale_cut.segment        | is cut          | f.cut.segment",
                "scale_cut.sections       | is cut          | f.cut.sections",
            })
    void refusalsNameTheCause(String model, String cause, String more) throws Exception {
        client().assertRefuses(model, cause, more);
    }

    @Test
    void errorOfAKernelReachesTheClient() throws Exception {
        HttpResponse<String> answer = infer("fail", "-1,2,3,4");
        assertEquals(400, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("FixtureFail"), answer.body());
    }

    @Test
    void stringsGoInAndComeOut() throws Exception {
        for (String model : List.of("upper", "upper_graph")) {
            HttpResponse<String> answer = server.http()
                    .post(
                            "/v2/models/" + model + "/infer",
                            "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"BYTES\",\"shape\":[3],"
                                    + "\"data\":[\"plum\",\"\",\"a somewhat longer string than the others \u00e4\"]}]}");
            assertEquals(200, answer.statusCode(), answer.body());
            assertTrue(
                    answer.body().contains("[\"PLUM\",\"\",\"A SOMEWHAT LONGER STRING THAN THE OTHERS \u00e4\"]"),
                    answer.body());
        }
    }

    @Test
    void variablesAndAssetsWorkBesideAnOp() throws Exception {
        HttpResponse<String> answer = server.http()
                .post(
                        "/v2/models/variable_table/infer",
                        "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"BYTES\",\"shape\":[3],"
                                + "\"data\":[\"plum\",\"apple\",\"kiwi\"]}],"
                                + "\"outputs\":[{\"name\":\"ID\"},{\"name\":\"SCORE\"}]}");
        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("[2,0,3]"), answer.body());
        assertTrue(answer.body().contains("[5.0,1.0,0.0]"), answer.body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bool   | [true,false]",
                "uint8  | [0,255]",
                "uint16 | [0,65535]",
                "uint32 | [0,4294967295]",
                "uint64 | [0,18446744073709551615]",
                "int8   | [-128,127]",
                "int16  | [-32768,32767]",
                "int32  | [-2147483648,2147483647]",
                "int64  | [-9223372036854775808,9223372036854775807]",
                "fp16   | [0.5,-65504.0]",
                "bf16   | [0.5,-1.0]",
                "fp32   | [0.1,-16777216.0]",
                "fp64   | [0.1,5.0E-324]",
                "bytes  | [\"a\",\"b\\u0000c\"]",
            })
    void everyDatatypeComesBackAsItWasSent(String type, String data) throws Exception {
        HttpResponse<String> answer = server.http()
                .post(
                        "/v2/models/identity_" + type + "/infer",
                        "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"" + type.toUpperCase(java.util.Locale.ROOT)
                                + "\",\"shape\":[2],\"data\":" + data + "}]}");
        assertEquals(200, answer.statusCode(), answer.body());
        Identities.assertSame(type, data, answer.body());
    }

    @Test
    void versionsOfAModelStandSideBySideWhenThePolicySaysSo() throws Exception {
        HttpResponse<String> metadata = server.http().get("/v2/models/two_versions");
        assertTrue(metadata.body().contains("\"versions\":[\"2\"]"), metadata.body());
    }

    @Test
    void hazardousPairsStayRightUnderFourThreads() throws Exception {
        List<Callable<Void>> calls = new ArrayList<>();
        for (int i = 1; i <= 200; i++) {
            String input = String.join(" ", List.of("" + i, "1", "2", "3"));
            for (String name : List.of("unique", "helper", "registries")) {
                String op = "Fixture" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
                String twice = (2.0 * i) + " 2.0 4.0 6.0";
                String tenfold = (10.0 * i) + " 10.0 20.0 30.0";
                calls.add(() -> {
                    assertAnswers(name + "_1", input, twice, op + "=f." + name + "/1.0.0");
                    assertAnswers(name + "_2", input, tenfold, op + "=f." + name + "/2.0.0");
                    return null;
                });
            }
        }
        RowClient.together(4, calls);
    }
}
