package io.opgraft.launcher;

import io.opgraft.launcher.shell.ShellClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code opgraft shell}. */
@Command(
        name = "shell",
        description = "Runs commands in a running server: one command line, or interactively.",
        customSynopsis = "opgraft shell [--data DIR] [COMMAND ...]")
final class ShellCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The server's data directory; default: ./opgraft-data, else the one of a running demo.")
    Path data;

    @Parameters(paramLabel = "COMMAND", description = "A Gogo command line; several words are joined.")
    List<String> words = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        return new ShellClient(data, System.out, System.err).run(words);
    }
}
