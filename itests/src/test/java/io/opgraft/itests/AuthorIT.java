package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two projects that authors copy: built outside of this repository, deployed, and asked. */
class AuthorIT {
    private static final Path PROJECTS = Path.of(System.getProperty("opgraft.author"));

    @TempDir
    Path folder;

    /** Copies a project, and builds and tests the copy as its author would. */
    private Path build(String name, String jar) throws Exception {
        Path project = folder.resolve(name);
        FixtureRepository.copyTree(PROJECTS.resolve(name), project);
        List<String> command = new ArrayList<>(List.of("mvn", "-B", "-q", "verify"));
        command.add("-Dlint");
        command.add("-Dopgraft=" + Opgraft.home().resolve("opgraft"));
        command.add("-Dmaven.repo.local=" + System.getProperty("opgraft.maven.repository"));
        ProcessBuilder process = new ProcessBuilder(command).directory(project.toFile());
        process.environment().put("PIP", System.getProperty("opgraft.python").replaceAll("python$", "pip"));
        Opgraft.Result result = Opgraft.run(process);
        assertEquals(0, result.exit(), result.out() + result.err());
        return project.resolve("target").resolve(jar);
    }

    private void answers(Path jar, String model, String request, String answer, String ops) throws Exception {
        Path data = folder.resolve("data");
        Path deploy = Files.createDirectories(data.resolve("deploy"));
        Files.copy(jar, deploy.resolve("op.jar"), StandardCopyOption.REPLACE_EXISTING);
        try (ServerProcess server =
                ServerProcess.start(data, jar.getParent().getParent().resolve("models"))) {
            HttpResponse<String> response = server.http()
                    .await(
                            () -> server.http().post("/v2/models/" + model + "/infer", request),
                            r -> r.statusCode() == 200);
            assertTrue(response.body().replaceAll("\\s", "").contains("\"data\":" + answer), response.body());
            assertEquals(ops, response.headers().firstValue("Opgraft-Ops").orElse(""));
        }
    }

    @Test
    void anOpInC() throws Exception {
        Path jar = build("c", "com.acme.clip-1.0.0.jar");
        String request = "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"FP32\",\"shape\":[4],"
                + "\"data\":[-7.5,-0.5,0.25,3.0]}]}";
        answers(jar, "clip", request, "[-1.0,-0.5,0.25,1.0]", "ExampleClip=com.acme.clip/1.0.0");
    }

    @Test
    void anOpInCpp() throws Exception {
        Path jar = build("cpp", "com.acme.windowsum-1.0.0.jar");
        String request =
                "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"INT32\",\"shape\":[5]," + "\"data\":[1,2,3,4,5]}]}";
        answers(jar, "window_sum", request, "[1,3,6,9,12]", "ExampleWindowSum=com.acme.windowsum/1.0.0");
    }

    @Test
    void twoBuildsOfOneSourceAreEqual() throws Exception {
        byte[] first = Files.readAllBytes(build("c", "com.acme.clip-1.0.0.jar"));
        Files.move(folder.resolve("c"), folder.resolve("c-first"));
        assertArrayEquals(first, Files.readAllBytes(build("c", "com.acme.clip-1.0.0.jar")));
    }

    /** Projects that are copied cannot share a header with this repository. */
    @Test
    void theHeaderIsThatOfTheExampleBundle() throws Exception {
        Path original = PROJECTS.resolve("../../bundles/io.opgraft.example.addsub/src/main/native/tensorflow_c.h");
        assertEquals(-1, Files.mismatch(original, PROJECTS.resolve("c/src/main/native/tensorflow_c.h")));
    }
}
