package io.opgraft.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.launcher.server.ControlMode;
import io.opgraft.launcher.server.ServerOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    private static ServerOptions serve(String... arguments) {
        String[] line = new String[arguments.length + 1];
        line[0] = "serve";
        System.arraycopy(arguments, 0, line, 1, arguments.length);
        ServeCommand command = (ServeCommand)
                Main.commandLine().parseArgs(line).subcommand().commandSpec().userObject();
        return command.options();
    }

    @Test
    void defaults() {
        ServerOptions options = serve();
        assertEquals(List.of(), options.repositories());
        assertEquals(Path.of("opgraft-data").toAbsolutePath(), options.data());
        assertEquals(options.data().resolve("deploy"), options.deploy());
        assertEquals("127.0.0.1", options.address());
        assertEquals(8000, options.port());
        assertEquals(8002, options.metricsPort());
        assertEquals(ControlMode.NONE, options.controlMode());
        assertEquals(ServerOptions.DEFAULT_FEATURES, options.features());
        assertFalse(options.featuresNamed());
    }

    @ParameterizedTest
    @CsvSource({"serve,--model-repository", "lint,--json", "wrap,--output", "shell,--data"})
    void eachCommandHasHelp(String command, String option) {
        assertEquals(0, run(command, "--help"));
        assertTrue(out.toString().contains(option), out.toString());
    }

    @Test
    void bothFormsOfAValueAndRepeatedOptions() {
        ServerOptions options = serve(
                "--model-repository=/a",
                "--model-store",
                "/b",
                "--deploy",
                "/drop box",
                "--data=/d",
                "--http-address=::1",
                "--http-port",
                "0",
                "--metrics-port",
                "-1",
                "--model-control-mode",
                "explicit",
                "--load-model=x",
                "--load-model",
                "*",
                "--features",
                "http,shell",
                "--id",
                "left");
        assertEquals(List.of(Path.of("/a"), Path.of("/b")), options.repositories());
        assertEquals(Path.of("/drop box"), options.deploy());
        assertEquals(Path.of("/d"), options.data());
        assertEquals("::1", options.address());
        assertEquals(0, options.port());
        assertEquals(-1, options.metricsPort());
        assertEquals(ControlMode.EXPLICIT, options.controlMode());
        assertEquals(List.of("x", "*"), options.load());
        assertEquals(List.of("http", "shell"), options.features());
        assertTrue(options.featuresNamed());
        assertEquals("left", options.id());
    }

    @Test
    void logs() {
        assertEquals("logback.xml", serve().logSettings());
        assertEquals("logback-json.xml", serve("--log-format=json").logSettings());
        assertEquals(Map.of("accessLog", "-"), serve("--access-log").http());
        assertEquals(
                Map.of("accessLog", "-"), serve("--access-log", "--id", "x").http());
        assertEquals(Map.of("accessLog", "/l"), serve("--access-log", "/l").http());
    }

    @Test
    void tls() {
        assertEquals(
                Map.of("tlsCertificate", "/c", "tlsKey", "/k", "tlsClientCa", "/a", "tlsClientAuth", "optional"),
                serve("--tls-certificate=/c", "--tls-key=/k", "--tls-client-ca=/a", "--tls-client-auth=optional")
                        .http());
    }

    @Test
    void limitsBecomePropertiesOfTheHttpServer() {
        assertEquals(Map.of(), serve().http());
        assertEquals(
                Map.of(
                        "tokenFile",
                        "/t",
                        "inferenceTokenFile",
                        "/i",
                        "maxRequestBytes",
                        2L << 20,
                        "maxRequestsInFlight",
                        3,
                        "maxBytesInFlight",
                        4L << 20,
                        "maxConnections",
                        5,
                        "maxHeaderBytes",
                        2048,
                        "headerTimeoutMillis",
                        6000L,
                        "idleTimeoutMillis",
                        7000L,
                        "minRequestBytesPerSecond",
                        0L),
                serve(
                                "--token-file=/t",
                                "--inference-token-file=/i",
                                "--max-request-megabytes=2",
                                "--max-requests-in-flight=3",
                                "--max-megabytes-in-flight=4",
                                "--max-connections=5",
                                "--max-header-bytes=2048",
                                "--header-timeout=6",
                                "--idle-timeout=7",
                                "--min-request-rate=0")
                        .http());
    }

    @Test
    void controlRequests() {
        assertEquals(
                Map.of("maxControlRequests", 2, "allowSettings", true),
                serve("--max-control-requests=2", "--allow-settings").http());
    }

    @Test
    void strictReadinessTakesAValue() {
        assertEquals(
                Map.of("strictReadiness", false),
                serve("--strict-readiness", "false").http());
        assertEquals(
                Map.of("strictReadiness", true),
                serve("--strict-readiness=true").http());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "serve --strict-readiness perhaps | --strict-readiness",
                "serve --no-such-option | --no-such-option",
                "serve --http-port | --http-port",
                "serve --http-port many | many",
                "serve --max-control-requests 0 | 1 to 16",
                "serve --max-control-requests 17 | 1 to 16",
                "serve --http-port 70000 | 65535",
                "serve --http-port -1 | -1",
                "serve --metrics-port -2 | --metrics-port",
                "serve --metrics-port 65536 | 65535",
                "serve --model-control-mode sometimes | none, poll, explicit",
                "serve --load-model x | --model-control-mode explicit",
                "serve word | word",
                "serve --max-connections 0 | --max-connections",
                "serve --max-requests-in-flight 0 | --max-requests-in-flight",
                "serve --max-request-megabytes 0 | --max-request-megabytes",
                "serve --max-megabytes-in-flight 99999999999 | 2147483647",
                "serve --max-header-bytes 100 | 1024",
                "serve --idle-timeout 0 | --idle-timeout",
                "serve --min-request-rate -1 | --min-request-rate",
                "serve --log-format xml | json",
                "serve --tls-key f | --tls-certificate",
                "serve --tls-client-ca f | --tls-certificate",
                "serve --tls-certificate f --tls-key f --tls-client-auth required | --tls-client-ca",
                "serve --tls-client-auth perhaps | optional",
                "shell --dta x | --dta",
                "version x | x",
                "lint | FILE",
                "lint --jsn a.so | --jsn",
                "wrap | FILE",
                "wrap --name | --name",
                "wrap a.so --frobnicate | --frobnicate",
                "serv | serv",
            })
    void wrongUsageIsTwoNamesTheFaultAndShowsTheUsage(String line, String part) {
        assertEquals(2, run(line.split(" ")));
        assertTrue(err.toString().contains(part), err.toString());
        assertTrue(err.toString().contains("Usage: opgraft"), err.toString());
        assertFalse(err.toString().contains("Exception"), err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void optionsAfterTheFirstShellWordBelongToTheShellCommand() {
        ShellCommand command = (ShellCommand) Main.commandLine()
                .parseArgs("shell", "--data", "/d", "lb", "-s", "--data")
                .subcommand()
                .commandSpec()
                .userObject();
        assertEquals(Path.of("/d"), command.data);
        assertEquals(List.of("lb", "-s", "--data"), command.words);
    }

    @Test
    void toolsGetOptionsFirstThenFiles() {
        LintCommand lint = (LintCommand) parse("lint", "a.so", "--json", "--", "-b.so");
        assertEquals(List.of("--json", "--", "a.so", "-b.so"), lint.arguments());
        WrapCommand wrap = (WrapCommand) parse(
                "wrap",
                "a.so",
                "--version=1.0",
                "--resource",
                "x=data/x",
                "--resource=y",
                "b.so",
                "--force",
                "--name",
                "n");
        assertEquals(
                List.of(
                        "--name",
                        "n",
                        "--version",
                        "1.0",
                        "--resource",
                        "x=data/x",
                        "--resource",
                        "y",
                        "--force",
                        "--",
                        "a.so",
                        "b.so"),
                wrap.arguments());
    }

    private static Object parse(String... line) {
        return Main.commandLine().parseArgs(line).subcommand().commandSpec().userObject();
    }

    @Test
    void helpOfTheToolsTellsTheirExitCodes() {
        assertEquals(0, run("help", "lint"));
        assertEquals(0, run("help", "wrap"));
        assertTrue(out.toString().contains("--json"), out.toString());
        assertTrue(out.toString().contains("--resource"), out.toString());
        assertTrue(out.toString().contains("Exit code"), out.toString());
    }

    @Test
    void aFailureIsOneSentence() {
        assertEquals(1, run("serve", "--model-repository", "/no/such/folder", "--data", "/no/such/data"));
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().contains("/no/such/folder"), err.toString());
    }

    @Test
    void version() {
        assertEquals(0, run("version"));
        assertTrue(out.toString().startsWith("opgraft "), out.toString());
    }

    @Test
    void helpOfACommandListsItsOptions() {
        assertEquals(0, run("help", "serve"));
        assertTrue(out.toString().contains("--model-store"), out.toString());
    }
}
