package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Op libraries that lie in the folders of models. */
class PrivateOpsIT {
    private static final String DOUBLE = "2.0,4.0,6.0,8.0";
    private static final String TENFOLD = "10.0,20.0,30.0,40.0";
    private static final String BIASED = "10.5,20.5,30.5,40.5";

    @TempDir
    Path folder;

    private Path data;
    private FixtureRepository fixtures;

    @BeforeEach
    void layOut() throws Exception {
        data = folder.resolve("data");
        fixtures = new FixtureRepository(folder.resolve("models"), data.resolve("deploy"));
        fixtures.model("scale", "bundled");
        fixtures.model("scale", "named", "lib/libscale.so");
        fixtures.model("scale", "poor");
        jar("bundled", "1.0.0", "scale-1");
        Path lib = Files.createDirectories(fixtures.models().resolve("named/lib"));
        Files.copy(Opgraft.nativeFixtures().resolve("scale-cpp-2/libscale.so"), lib.resolve("libscale.so"));
    }

    private Path jar(String model, String version, String library) throws Exception {
        Path ops = Files.createDirectories(fixtures.models().resolve(model).resolve("ops"));
        return bundle(version, library).writeTo(ops.resolve("scale.jar"));
    }

    private static OpBundle bundle(String version, String library) {
        return OpBundle.of(
                "f.own", version, Opgraft.nativeFixtures().resolve(library).resolve("libscale.so"), "FixtureScale");
    }

    private ServerProcess start(String... options) throws Exception {
        return ServerProcess.start(data, fixtures.models(), options);
    }

    private static HttpResponse<String> infer(ServerProcess server, String model)
            throws IOException, InterruptedException {
        return server.http()
                .post(
                        "/v2/models/" + model + "/infer",
                        "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":[1,2,3,4]}]}");
    }

    private static HttpResponse<String> control(ServerProcess server, String model, String verb) throws Exception {
        return server.http().post("/v2/repository/models/" + model + "/" + verb, "");
    }

    private static boolean answers(HttpResponse<String> answer, String output, String ops) {
        return answer.statusCode() == 200
                && answer.body().replaceAll("\\s", "").contains("\"data\":[" + output + "]")
                && answer.headers().firstValue("Opgraft-Ops").orElse("").startsWith(ops);
    }

    private static void assertAnswers(ServerProcess server, String model, String output, String ops) throws Exception {
        HttpResponse<String> answer = infer(server, model);
        assertTrue(answers(answer, output, ops), model + ": " + answer.headers().map() + answer.body());
    }

    @Test
    void librariesTravelWithTheirModels() throws Exception {
        try (ServerProcess server = start("--model-control-mode", "explicit")) {
            for (String model : new String[] {"bundled", "named"}) {
                HttpResponse<String> load = control(server, model, "load");
                assertEquals(200, load.statusCode(), load.body());
            }
            assertAnswers(server, "bundled", DOUBLE, "FixtureScale=f.own/1.0.0");
            assertAnswers(server, "named", TENFOLD, "FixtureScale=lib.libscale.so/0.0.0.");
            HttpResponse<String> poor = control(server, "poor", "load");
            assertTrue(poor.body().contains("private to model bundled"), poor.body());
            assertTrue(poor.body().contains("private to model named"), poor.body());
            assertFalse(poor.body().contains(folder.toString()), poor.body());

            jar("bundled", "2.0.0", "scale-2");
            HttpResponse<String> again = control(server, "bundled", "load");
            assertEquals(200, again.statusCode(), again.body());
            assertAnswers(server, "bundled", BIASED, "FixtureScale=f.own/2.0.0");

            assertEquals(200, control(server, "bundled", "unload").statusCode());
            HttpResponse<String> later = control(server, "poor", "load");
            assertFalse(later.body().contains("bundled"), later.body());
            assertTrue(later.body().contains("private to model named"), later.body());
            server.kill();
        }
        try (ServerProcess server = start("--model-control-mode", "explicit")) {
            assertAnswers(server, "named", TENFOLD, "FixtureScale=lib.libscale.so/0.0.0.");
            Opgraft.Result bundles = server.shell("lb");
            assertFalse(bundles.out().contains("f.own"), bundles.out());
            assertTrue(bundles.out().contains("lib.libscale.so"), bundles.out());
        }
    }

    @Test
    void anEqualBundleMayBeDeployedForAll() throws Exception {
        try (ServerProcess server = start()) {
            assertAnswers(server, "bundled", DOUBLE, "FixtureScale=f.own/1.0.0");
            assertEquals(503, infer(server, "poor").statusCode());
            bundle("1.0.0", "scale-1").writeTo(server.deploy().resolve("own.jar"));
            server.http()
                    .await(() -> infer(server, "poor"), answer -> answers(answer, DOUBLE, "FixtureScale=f.own/1.0.0"));
            assertAnswers(server, "bundled", DOUBLE, "FixtureScale=f.own/1.0.0");
            Files.delete(server.deploy().resolve("own.jar"));
            server.http().await(() -> infer(server, "poor"), answer -> answer.statusCode() == 503);
            assertAnswers(server, "bundled", DOUBLE, "FixtureScale=f.own/1.0.0");
        }
    }

    @Test
    void pollingSeesChangesOfLibraries() throws Exception {
        try (ServerProcess server = start("--model-control-mode", "poll")) {
            assertAnswers(server, "bundled", DOUBLE, "FixtureScale=f.own/1.0.0");
            Path library = fixtures.models().resolve("named/lib/libscale.so");
            Path next = folder.resolve("next.so");
            Files.copy(Opgraft.nativeFixtures().resolve("scale-cpp-1/libscale.so"), next);
            Files.move(next, library, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            server.http()
                    .await(
                            () -> infer(server, "named"),
                            answer -> answers(answer, DOUBLE, "FixtureScale=lib.libscale.so/0.0.0."));
            Files.writeString(fixtures.models().resolve("bundled/ops/scale.jar"), "damaged");
            server.http().await(() -> server.http().get("/v2/models/bundled/wiring"), answer -> answer.body()
                    .contains("ops/scale.jar"));
            assertAnswers(server, "bundled", DOUBLE, "FixtureScale=f.own/1.0.0");
        }
    }
}
