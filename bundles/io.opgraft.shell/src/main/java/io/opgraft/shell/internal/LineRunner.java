package io.opgraft.shell.internal;

import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;

/** Runs command lines in a Gogo session and prints results and errors as an interactive Gogo does. */
final class LineRunner {
    private static final Set<String> ENDS_SESSION = Set.of("exit", "quit", "close", "logout");
    private static final String SHUTDOWN = "shutdown";
    // What Gogo says when no method of a command fits.
    private static final Pattern ARGUMENTS_MISMATCH =
            Pattern.compile("Cannot coerce (\\w+)(\\(.*?\\)) to any of (.*)", Pattern.DOTALL);

    /** How a line ended. */
    enum Result {
        DONE(0),
        FAILED(1),
        CLOSED(2);

        private final byte code;

        Result(int code) {
            this.code = (byte) code;
        }

        /** The protocol's status byte. */
        byte code() {
            return code;
        }
    }

    private final CommandSession session;
    private final PrintStream out;
    private final PrintStream err;

    LineRunner(CommandSession session, PrintStream out, PrintStream err) {
        this.session = session;
        this.out = out;
        this.err = err;
    }

    Result run(String line) {
        String command = line.strip();
        if (ENDS_SESSION.contains(command)) {
            return Result.CLOSED;
        }
        if (SHUTDOWN.equals(command)) {
            err.println("gogo: This would end the server for everybody; stop 0 does it, exit only leaves the shell.");
            return Result.FAILED;
        }
        try {
            Object result = session.execute(line);
            if (result != null) {
                print(session.format(result, Converter.INSPECT));
            }
            return Result.DONE;
        } catch (InterruptedException | CancellationException e) {
            err.println("gogo: The command was cancelled.");
            return Result.FAILED;
            // A command may throw whatever it likes; the session must outlive it.
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            err.println("gogo: " + message(e));
            return Result.FAILED;
        }
    }

    private void print(CharSequence text) {
        if (text.length() > 0) {
            // In one piece, for the client's sake.
            out.print(text.charAt(text.length() - 1) == '\n' ? text.toString() : text + "\n");
        }
    }

    /** One line; with the exception's name where the message alone would not be a sentence. */
    static String message(Throwable e) {
        Throwable cause = e instanceof InvocationTargetException && e.getCause() != null ? e.getCause() : e;
        String message = cause.getMessage();
        if (message == null || message.isBlank()) {
            return cause.getClass().getSimpleName();
        }
        Matcher mismatch = ARGUMENTS_MISMATCH.matcher(message);
        if (mismatch.matches()) {
            String command = mismatch.group(1);
            return command + ("()".equals(mismatch.group(2)) ? " needs an argument" : " does not take these arguments")
                    + "; help " + command + " tells what it takes."
                    + (mismatch.group(3).contains("Bundle")
                            ? " A bundle is named by its id, by NAME/VERSION, or by its symbolic name if only one has it."
                            : "");
        }
        String line = message.strip().replaceAll("\\s*\\R\\s*", " ");
        return line.indexOf(' ') > 0 ? line : cause.getClass().getSimpleName() + ": " + line;
    }
}
