package io.opgraft.launcher.shell;

import io.opgraft.launcher.shell.ShellConnection.Result;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;

/** A session with line editing, history and completion. Its end is only the client's end. */
final class InteractiveShell {
    private static final String PROMPT = "opgraft> ";
    private static final String HISTORY = "shell.history";

    private final ShellConnection connection;
    private final Path data;

    InteractiveShell(ShellConnection connection, Path data) {
        this.connection = connection;
        this.data = data;
    }

    int run() throws IOException {
        try (Terminal terminal =
                TerminalBuilder.builder().name("opgraft").dumb(true).build()) {
            LineReader reader = LineReaderBuilder.builder()
                    .terminal(terminal)
                    .appName("opgraft")
                    .completer((line, parsed, candidates) -> complete(parsed, candidates))
                    .variable(LineReader.HISTORY_FILE, data.resolve(HISTORY))
                    // Gogo has its own idea of "!" and "\".
                    .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                    .build();
            terminal.writer()
                    .println("Opgraft " + connection.serverVersion()
                            + ". help lists all commands; exit or Ctrl-D leaves, the server goes on.");
            terminal.flush();
            return loop(terminal, reader);
        }
    }

    private int loop(Terminal terminal, LineReader reader) throws IOException {
        PrintStream output = new PrintStream(terminal.output(), true, StandardCharsets.UTF_8);
        terminal.handle(Signal.INT, signal -> cancel());
        while (true) {
            String line;
            try {
                line = reader.readLine(PROMPT);
            } catch (UserInterruptException e) {
                continue;
            } catch (EndOfFileException e) {
                return 0;
            }
            if (!line.isBlank() && connection.run(line, output, output) == Result.CLOSED) {
                return 0;
            }
        }
    }

    private void cancel() {
        try {
            connection.cancel();
        } catch (IOException e) {
            // The reading side meets the same end and reports it.
        }
    }

    private void complete(ParsedLine parsed, List<Candidate> candidates) {
        try {
            for (String line : connection.complete(parsed.line(), parsed.cursor())) {
                int tab = line.indexOf('\t');
                String value = tab < 0 ? line : line.substring(0, tab);
                String description = tab < 0 || tab + 1 == line.length() ? null : line.substring(tab + 1);
                candidates.add(new Candidate(value, value, null, description, null, null, true));
            }
        } catch (IOException e) {
            // No candidates: the next command reports that the server has gone.
        }
    }
}
