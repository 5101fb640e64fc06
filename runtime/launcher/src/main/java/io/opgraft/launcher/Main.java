package io.opgraft.launcher;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Entry point of the {@code opgraft} command. Exit code 0 done, 1 failed, 2 wrong usage. */
@Command(
        name = "opgraft",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ServeCommand.class,
            ShellCommand.class,
            LintCommand.class,
            WrapCommand.class,
            VersionCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Main {
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    private Main() {}

    /**
     * Runs one command and ends the process.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        Charset terminal = Charset.defaultCharset();
        System.exit(run(
                new PrintWriter(System.out, true, terminal), new PrintWriter(System.err, true, terminal), arguments));
    }

    /**
     * Runs one command.
     *
     * @param out for results
     * @param err for errors and the usage line
     * @param arguments the command line
     * @return the exit code
     */
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return commandLine().setOut(out).setErr(err).execute(arguments);
    }

    static CommandLine commandLine() {
        CommandLine command = new CommandLine(new Main())
                .setExecutionExceptionHandler(Main::failed)
                .setParameterExceptionHandler(Main::wrongUsage);
        command.getSubcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(spec -> spec.findOption("--help") == null)
                .forEach(spec -> spec.addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Says what the command does and all its options.")
                        .build()));
        // What follows the first word belongs to the shell command, options included: shell lb -s.
        command.getSubcommands().get("shell").setStopAtPositional(true);
        return command;
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        if (!(e instanceof CommandFailedException)) {
            throw e;
        }
        command.getErr().println("opgraft: " + e.getMessage());
        return FAILED;
    }

    private static int wrongUsage(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        command.getErr().println("opgraft: " + e.getMessage());
        command.getErr().print("Usage: " + command.getHelp().synopsis("Usage: ".length()));
        command.getErr().flush();
        return WRONG_USAGE;
    }
}
