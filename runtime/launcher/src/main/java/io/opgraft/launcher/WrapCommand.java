package io.opgraft.launcher;

import io.opgraft.launcher.server.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code opgraft wrap}: checks the command line here, where it is quick, and lets a bundle do the work. */
@Command(
        name = "wrap",
        description = {
            "Makes an op bundle from op libraries or from a Python wheel. Each library is loaded on trial, in a process"
                    + " of its own, to find its ops.",
            "Exit code: 0 the bundle is written, 1 no library is usable, 2 wrong usage."
        },
        customSynopsis = {
            "opgraft wrap (LIB.so... | F.whl) [--name BSN] [--version V] [--output F.jar] [--force]",
            "                    [--resource FILE[=PATH]]... [--framework tensorflow|tensorrt]"
        })
final class WrapCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "Op libraries (what they need in their own folders comes along), or one wheel.")
    private List<String> files = new ArrayList<>();

    @Option(
            names = "--name",
            paramLabel = "BSN",
            description = "Symbolic name of the bundle; default: that of the first library, or org.pypi.NAME of a"
                    + " wheel.")
    private String name;

    @Option(
            names = "--version",
            paramLabel = "V",
            description = "Version of the bundle; default: the wheel's, or 1.0.0.")
    private String version;

    @Option(names = "--output", paramLabel = "F.jar", description = "The file to write; default: NAME-VERSION.jar.")
    private String output;

    @Option(
            names = "--resource",
            paramLabel = "FILE[=PATH]",
            description = "A data file, and its place in the bundle; default: beside the libraries. May be repeated.")
    private List<String> resources = new ArrayList<>();

    @Option(
            names = "--framework",
            paramLabel = "NAME",
            description = "What loads the libraries; default: as they look.")
    private String framework;

    @Option(names = "--force", description = "Replace the output file if it is there.")
    private boolean force;

    @Override
    public Integer call() throws Exception {
        return new Tool(Home.find(), "wrap").run(arguments());
    }

    /** The command line in the form that the bundle reads. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        add(arguments, "--name", name);
        add(arguments, "--version", version);
        add(arguments, "--output", output);
        add(arguments, "--framework", framework);
        resources.forEach(resource -> add(arguments, "--resource", resource));
        if (force) {
            arguments.add("--force");
        }
        arguments.add("--");
        arguments.addAll(files);
        return arguments;
    }

    private static void add(List<String> arguments, String option, String value) {
        if (value != null) {
            arguments.add(option);
            arguments.add(value);
        }
    }
}
