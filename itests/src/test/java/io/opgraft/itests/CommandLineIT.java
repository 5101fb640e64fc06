package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command says when it is called well or badly. */
class CommandLineIT {
    @TempDir
    Path folder;

    private static void assertOneSentence(Opgraft.Result result, int exit, String... parts) {
        assertEquals(exit, result.exit(), result.err());
        assertFalse(result.err().contains("\tat "), "a stack trace: " + result.err());
        assertFalse(result.err().contains("Exception"), result.err());
        for (String part : parts) {
            assertTrue(result.err().contains(part), part + " is not in: " + result.err());
        }
    }

    @Test
    void versionAndHelp() throws Exception {
        Opgraft.Result version = Opgraft.run("version");
        assertEquals(0, version.exit());
        assertTrue(version.out().matches("(?s)opgraft \\d+\\.\\d+\\.\\d+.*"), version.out());
        Opgraft.Result help = Opgraft.run("help");
        assertEquals(0, help.exit());
        for (String command : new String[] {"demo", "serve", "shell", "lint", "wrap", "version", "help"}) {
            assertTrue(help.out().contains(command), command);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serv",
                "serve --no-such-option",
                "serve --http-port",
                "serve --http-port many",
                "demo x",
                "lint",
                "wrap --frob x"
            })
    void wrongUsageIsTwoWithTheUsageLine(String line) throws Exception {
        assertOneSentence(Opgraft.run(line.split(" ")), 2, "sage: opgraft");
    }

    @Test
    void unreadableRepositoryIsNamed() throws Exception {
        Path missing = folder.resolve("no-models");
        Opgraft.Result result = serve("--model-repository", missing.toString());
        assertOneSentence(result, 1, missing.toString());
    }

    @Test
    void unknownFeatureListsTheOthers() throws Exception {
        assertOneSentence(serve("--features", "base,htp"), 1, "htp", "http", "tensorflow");
    }

    @Test
    void portInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertOneSentence(serve("--http-port", Integer.toString(port)), 1, Integer.toString(port), "--http-port");
        }
    }

    @Test
    void dataDirectoryServesOneServer() throws Exception {
        Path data = folder.resolve("data");
        try (ServerProcess server = ServerProcess.start(data, null, "--features", "base,http")) {
            assertOneSentence(Opgraft.run("serve", "--data", data.toString(), "--http-port", "0"), 1, data.toString());
            assertEquals(200, server.http().get("/v2/health/live").statusCode());
        }
    }

    @Test
    void shellWithoutAServerSaysSo() throws Exception {
        Path data = folder.resolve("nothing-here");
        assertOneSentence(Opgraft.run("shell", "--data", data.toString(), "lb"), 1, data.toString());
    }

    @Test
    void serverWithoutTensorFlowNamesWhatIsMissing() throws Exception {
        Path data = folder.resolve("data");
        try (ServerProcess server = ServerProcess.start(data, AddSub.models(), "--features", "base,http,shell")) {
            assertEquals(200, server.http().get("/v2/health/live").statusCode());
            var answer = AddSub.infer(server.http(), "addsub_v1", 1, 2);
            assertEquals(503, answer.statusCode(), answer.body());
            assertTrue(answer.body().contains("tensorflow"), answer.body());
            assertEquals(0, server.terminate());
        }
    }

    @Test
    void pathsMayHoldSpacesAndTheScriptMayBeALink() throws Exception {
        Path data = folder.resolve("my data");
        Path link = Files.createSymbolicLink(
                folder.resolve("link to opgraft"), Opgraft.home().resolve("opgraft"));
        assertEquals(
                0, Opgraft.run(new ProcessBuilder(link.toString(), "version")).exit());
        try (ServerProcess server = ServerProcess.start(data, null, "--features", "base,http,shell")) {
            assertEquals(0, server.shell("lb").exit());
        }
    }

    private Opgraft.Result serve(String... options) throws IOException, InterruptedException {
        String[] line = new String[options.length + 3];
        line[0] = "serve";
        line[1] = "--data";
        line[2] = folder.resolve("data").toString();
        System.arraycopy(options, 0, line, 3, options.length);
        return Opgraft.run(line);
    }
}
