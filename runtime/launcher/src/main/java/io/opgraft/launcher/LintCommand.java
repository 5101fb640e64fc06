package io.opgraft.launcher;

import io.opgraft.launcher.server.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code opgraft lint}: checks the command line here, where it is quick, and lets a bundle do the work. */
@Command(
        name = "lint",
        description = {
            "Judges op libraries: whether each can live beside others, and beside other versions of itself.",
            "Verdicts: isolatable; isolatable after repair; one version only in this process; refused.",
            "Exit code: 0 none is refused, 1 at least one is, 2 wrong usage."
        },
        customSynopsis = "opgraft lint [--json] FILE...")
final class LintCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Print a JSON array with one object for each file.")
    private boolean json;

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "A library (.so; what it needs in its own folder comes along), an op bundle (.jar) or a wheel"
                    + " (.whl).")
    private List<String> files = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        return new Tool(Home.find(), "lint").run(arguments());
    }

    /** The command line in the form that the bundle reads. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        if (json) {
            arguments.add("--json");
        }
        arguments.add("--");
        arguments.addAll(files);
        return arguments;
    }
}
