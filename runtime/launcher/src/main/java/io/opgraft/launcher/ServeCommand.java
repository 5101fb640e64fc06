package io.opgraft.launcher;

import io.opgraft.launcher.server.ControlMode;
import io.opgraft.launcher.server.Server;
import io.opgraft.launcher.server.ServerOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code opgraft serve}. */
@Command(
        name = "serve",
        description = "Starts a server and stays in the foreground until SIGINT or SIGTERM.",
        customSynopsis = {
            "opgraft serve [--model-repository DIR]... [--deploy DIR] [--data DIR] [--http-address A]",
            "                     [--http-port N] [--metrics-port N] [--model-control-mode none|poll|explicit]",
            "                     [--load-model NAME]... [--features a,b] [--id NAME]",
            "                     [--strict-readiness true|false]",
            "                     [--max-retained-libraries N] [--max-retained-megabytes N]",
            "                     [--token-file F] [--inference-token-file F]",
            "                     [--tls-certificate F --tls-key F [--tls-client-ca F]] [LIMITS]",
            "                     [--access-log [F]] [--log-format text|json]",
            "                     [--tensorrt-home DIR] [--allow-plan-code] [--config FILE]"
        })
final class ServeCommand implements Callable<Integer> {
    private static final int HIGHEST_PORT = 65_535;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"--model-repository", "--model-store"},
            paramLabel = "DIR",
            description = "Folder with one folder per model; may be repeated.")
    private List<Path> repositories = new ArrayList<>();

    @Option(
            names = "--deploy",
            paramLabel = "DIR",
            description = "Folder whose jars are installed and started at once; default: deploy in the data directory.")
    private Path deploy;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where the server keeps its state; default: ./opgraft-data.")
    private Path data = Path.of("opgraft-data");

    @Option(names = "--http-address", paramLabel = "A", description = "Address to listen on; default: 127.0.0.1.")
    private String address = "127.0.0.1";

    @Option(
            names = "--http-port",
            paramLabel = "N",
            description = "Port to listen on, 0 for a free one; default: 8000.")
    private int port = 8000;

    @Option(
            names = "--metrics-port",
            paramLabel = "N",
            description = "Port of the Prometheus metrics, 0 for a free one, -1 for none; default: 8002.")
    private int metricsPort = 8002;

    @Option(
            names = "--model-control-mode",
            paramLabel = "MODE",
            converter = ControlModeConverter.class,
            description = "none: all models at start; poll: follow the repository; explicit: only what is asked for.")
    private ControlMode controlMode = ControlMode.NONE;

    @Option(
            names = "--load-model",
            paramLabel = "NAME",
            description = "Model to load at start in explicit mode, * for all; may be repeated.")
    private List<String> load = new ArrayList<>();

    @Option(
            names = "--features",
            paramLabel = "a,b",
            split = ",",
            description = "Features to install besides base; default: http,metrics,shell,tensorflow.")
    private List<String> features;

    @Option(
            names = "--max-retained-libraries",
            paramLabel = "N",
            description =
                    "Op libraries that may stay loaded without being in use before new ones are refused; default: 0,"
                            + " no limit.")
    private int maxRetainedLibraries;

    @Option(
            names = "--max-retained-megabytes",
            paramLabel = "N",
            description = "Memory in MiB that those may take; default: 0, no limit.")
    private long maxRetainedMegabytes;

    @Option(
            names = "--tensorrt-home",
            paramLabel = "DIR",
            description = "Folder of an installed TensorRT 10; default: what the dynamic loader finds.")
    private Path tensorRtHome;

    @Option(
            names = "--allow-plan-code",
            description = "Load TensorRT plans that carry code for the server's processor, which then runs in it.")
    private boolean allowPlanCode;

    @Option(names = "--id", paramLabel = "NAME", description = "Name in the server's metadata; default: opgraft.")
    private String id = "opgraft";

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "JSON file with what no option says: {\"PID\": {\"property\": value}}.")
    private Path configuration;

    @Option(
            names = "--log-format",
            paramLabel = "text|json",
            description = "Form of the lines of the server's log, on stderr; default: text.")
    private String logFormat = "text";

    @Mixin
    private HttpOptions http = new HttpOptions();

    @Override
    public Integer call() throws Exception {
        return new Server(Home.find(), options(), spec.commandLine().getOut()).run();
    }

    /** The options as given, checked against each other. */
    ServerOptions options() {
        if (port < 0 || port > HIGHEST_PORT) {
            throw wrong("--http-port must be 0 to " + HIGHEST_PORT + ", but is " + port + ".");
        }
        if (metricsPort < -1 || metricsPort > HIGHEST_PORT) {
            throw wrong("--metrics-port must be -1 to " + HIGHEST_PORT + ", but is " + metricsPort + ".");
        }
        if (maxRetainedLibraries < 0 || maxRetainedMegabytes < 0) {
            throw wrong("--max-retained-libraries and --max-retained-megabytes must be at least 0.");
        }
        if (!logFormat.equals("text") && !logFormat.equals("json")) {
            throw wrong("--log-format must be text or json, but is " + logFormat + ".");
        }
        if (!load.isEmpty() && controlMode != ControlMode.EXPLICIT) {
            throw wrong("--load-model needs --model-control-mode explicit; the other modes load every model.");
        }
        return new ServerOptions(
                repositories.stream().map(ServeCommand::absolute).toList(),
                absolute(deploy == null ? data.resolve("deploy") : deploy),
                absolute(data),
                address,
                port,
                metricsPort,
                controlMode,
                load,
                features == null ? ServerOptions.DEFAULT_FEATURES : features,
                features != null,
                id,
                maxRetainedLibraries,
                maxRetainedMegabytes,
                http.values(),
                configuration == null ? null : absolute(configuration),
                logFormat.equals("json") ? "logback-json.xml" : "logback.xml",
                tensorRtHome == null ? null : absolute(tensorRtHome),
                allowPlanCode);
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }
}
