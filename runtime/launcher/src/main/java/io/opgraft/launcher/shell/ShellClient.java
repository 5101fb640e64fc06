package io.opgraft.launcher.shell;

import io.opgraft.launcher.CommandFailedException;
import io.opgraft.launcher.shell.ShellConnection.Result;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** {@code opgraft shell}: runs commands in a server on this machine. */
public final class ShellClient {
    private static final Path DEFAULT_DATA = Path.of("opgraft-data");

    private final Path data;
    private final PrintStream out;
    private final PrintStream err;

    /**
     * Makes a client that is not connected.
     *
     * @param data the server's data directory; null for the default, or the demo's where only that has a server
     * @param out takes what commands print
     * @param err takes their errors
     */
    public ShellClient(Path data, PrintStream out, PrintStream err) {
        this.data = (data == null ? find(DEFAULT_DATA) : data).toAbsolutePath().normalize();
        this.out = out;
        this.err = err;
    }

    private static Path find(Path data) {
        Path demo = data.resolve("demo");
        return !ShellConnection.isAlive(data) && ShellConnection.isAlive(demo) ? demo : data;
    }

    /**
     * Runs one command line, or an interactive session.
     *
     * @param words the command line; empty for an interactive session
     * @return the exit code
     * @throws CommandFailedException if there is no server, or it goes away
     */
    public int run(List<String> words) throws CommandFailedException {
        try (ShellConnection connection = connect()) {
            if (words.isEmpty()) {
                return new InteractiveShell(connection, data).run();
            }
            Result result = connection.run(CommandLineText.join(words), out, err);
            return result == Result.FAILED ? 1 : 0;
        } catch (IOException e) {
            throw new CommandFailedException("The server with data directory " + data + " has gone away.", e);
        }
    }

    private ShellConnection connect() throws CommandFailedException {
        try {
            return ShellConnection.open(data);
        } catch (IOException e) {
            throw new CommandFailedException(
                    "No server is running with data directory " + data
                            + "; start one with opgraft serve, or name another directory with --data.",
                    e);
        }
    }
}
