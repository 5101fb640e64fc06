package io.opgraft.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Entry point of {@code opgraft demo}: plays the story, then leaves the server up or ends with the story's success. */
public final class Main {
    private static final String USAGE = "usage: opgraft demo [--http-port N] [--exit]";

    private Main() {}

    /**
     * Plays the demo.
     *
     * @param args {@code --http-port N} and {@code --exit}
     */
    public static void main(String[] args) {
        Options options;
        try {
            options = Options.parse(List.of(args));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(USAGE);
            System.exit(2);
            return;
        }
        System.exit(run(options, System.out));
    }

    private static int run(Options options, PrintStream out) {
        Path home = Path.of(System.getProperty("opgraft.home", "."));
        Path data = Path.of("opgraft-data", "demo").toAbsolutePath();
        Console console = new Console(out);
        try (DemoServer server = DemoServer.start(home, data, options.port(), console)) {
            boolean right = new Story(server, console).play();
            console.line("");
            console.line(right ? "Every answer was right." : "The demo FAILED: see the lines marked WRONG above.");
            if (options.exit()) {
                return right ? 0 : 1;
            }
            tryNext(server, console);
            return server.waitFor();
        } catch (DemoFailure e) {
            System.err.println("The demo failed: " + e.getMessage());
            return 1;
        } catch (IOException e) {
            System.err.println("The demo failed: " + e);
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static void tryNext(DemoServer server, Console console) {
        String command = System.getProperty("opgraft.command", "opgraft");
        console.line("The server stays up. Try, in another terminal in this folder:");
        console.line("");
        console.line("  curl -s " + server.address() + "/v2/models/addsub_v1/infer -d '" + Story.curlBody() + "'");
        console.line("  " + command + " shell opgraft:explain addsub_missing");
        console.line("  kill " + ProcessHandle.current().pid() + "        (or press Ctrl-C here)");
    }

    /**
     * What the command line says.
     *
     * @param port TCP port, 0 for a free one
     * @param exit whether to stop when the story is over
     */
    record Options(int port, boolean exit) {
        static Options parse(List<String> args) {
            int port = 8000;
            boolean exit = false;
            List<String> rest = new ArrayList<>(args);
            while (!rest.isEmpty()) {
                String arg = rest.remove(0);
                if (arg.equals("--exit")) {
                    exit = true;
                } else if (arg.startsWith("--http-port=")) {
                    port = port(arg.substring("--http-port=".length()));
                } else if (arg.equals("--http-port")) {
                    if (rest.isEmpty()) {
                        throw new IllegalArgumentException("--http-port needs a number");
                    }
                    port = port(rest.remove(0));
                } else {
                    throw new IllegalArgumentException(String.format(Locale.ROOT, "unknown argument: %s", arg));
                }
            }
            return new Options(port, exit);
        }

        private static int port(String text) {
            try {
                int port = Integer.parseInt(text);
                if (port >= 0 && port <= 65535) {
                    return port;
                }
            } catch (NumberFormatException e) {
                // answered below, as for a number out of range
            }
            throw new IllegalArgumentException("--http-port needs a number from 0 to 65535, not " + text);
        }
    }
}
