package io.opgraft.shell.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Job;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection. One thread reads frames, another one runs commands, so that a client can cancel a command, and one that
 * goes away ends what it started.
 */
final class ShellSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ShellSession.class);
    private static final String PROTOCOL = "opgraft-shell/1";

    private final SocketChannel channel;
    private final Completion completion;
    private final String version;
    private final PrintStream out;
    private final PrintStream err;
    private final CommandSession session;
    private final LineRunner runner;
    private final ExecutorService worker;

    ShellSession(SocketChannel channel, CommandProcessor processor, Completion completion, String version, int number) {
        this.channel = channel;
        this.completion = completion;
        this.version = version;
        this.out = print(Frame.OUTPUT);
        this.err = print(Frame.ERROR);
        this.session = processor.createSession(InputStream.nullInputStream(), out, err);
        this.session.put("SCOPE", "opgraft:*");
        this.runner = new LineRunner(session, out, err);
        this.worker = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "opgraft-shell-" + number + "-run");
            thread.setDaemon(true);
            return thread;
        });
    }

    private PrintStream print(char type) {
        return new PrintStream(new FrameOutput(type, this::send), true, StandardCharsets.UTF_8);
    }

    /** Serves until the client goes away. */
    void serve() {
        try {
            send(new Frame(Frame.HELLO, PROTOCOL + " " + version));
            for (Frame frame = Frame.read(channel); frame != null; frame = Frame.read(channel)) {
                handle(frame);
            }
        } catch (IOException e) {
            LOG.debug("A shell session ended: {}", e.getMessage());
        } finally {
            close();
        }
    }

    private void handle(Frame frame) throws IOException {
        switch (frame.type()) {
            case Frame.HELLO -> hello(frame.text());
            case Frame.RUN -> worker.execute(() -> run(frame.text()));
            case Frame.CANCEL -> cancel();
            case Frame.COMPLETE -> send(new Frame(Frame.CANDIDATES, candidates(frame.text())));
            default -> throw new IOException("unknown frame " + (int) frame.type());
        }
    }

    /** Gogo runs a command in threads of its own and only ends it in order if asked through the job. */
    private void cancel() {
        Job job = session.foregroundJob();
        if (job != null) {
            job.interrupt();
        }
    }

    private void hello(String text) {
        if (text.startsWith("cwd=")) {
            session.currentDir(Path.of(text.substring("cwd=".length())));
        }
    }

    /** The place of the cursor, then the line. */
    private String candidates(String text) throws IOException {
        int end = text.indexOf('\n');
        String line = text.substring(end + 1);
        int cursor;
        try {
            cursor = Integer.parseInt(text.substring(0, Math.max(end, 0)));
        } catch (NumberFormatException e) {
            throw new IOException("a frame that asks for candidates begins with no number", e);
        }
        return String.join(
                "\n", completion.candidates(line.substring(0, Math.max(0, Math.min(cursor, line.length())))));
    }

    private void run(String line) {
        LineRunner.Result result = runner.run(line);
        out.flush();
        err.flush();
        try {
            send(new Frame(Frame.RESULT, new byte[] {result.code()}));
        } catch (IOException e) {
            LOG.debug("The client of a command went away: {}", e.getMessage());
        }
    }

    private synchronized void send(Frame frame) throws IOException {
        frame.write(channel);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("A shell connection did not close: {}", e.getMessage());
        }
        worker.shutdownNow();
        session.close();
    }
}
