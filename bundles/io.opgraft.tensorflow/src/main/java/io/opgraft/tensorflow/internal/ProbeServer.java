package io.opgraft.tensorflow.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A process of {@code opgraft-probe} that has TensorFlow loaded and makes a child of itself for each trial; see serve.h.
 * It ends with the server, and when it has had nothing to do for a while. For use by one thread at a time.
 */
final class ProbeServer implements AutoCloseable {
    /** How a request ended. */
    enum Answer {
        /** The trial was made. */
        DONE,
        /** The process says that it cannot make trials in this way. */
        CANNOT,
        /** The process has ended. */
        GONE,
        /** No answer came in time. */
        LATE
    }

    private final Process process;
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();

    /** Takes over a process that was just started; its first answer is to come. */
    ProbeServer(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "opgraft-probe " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Reading cannot be interrupted, waiting for what was read can. */
    private void read() {
        try (InputStream in = process.getInputStream()) {
            for (int answer = in.read(); answer >= 0; answer = in.read()) {
                answers.add(answer == '.' ? Answer.DONE : Answer.CANNOT);
            }
        } catch (IOException e) {
            // As at the end of the stream.
        }
        answers.add(Answer.GONE);
    }

    /** Waits for the next answer. */
    Answer await(long millis) throws InterruptedException {
        Answer answer = answers.poll(millis, TimeUnit.MILLISECONDS);
        return answer == null ? Answer.LATE : answer;
    }

    /** Asks for a trial; {@link #await} gives the answer. A process that has ended meanwhile answers that it is gone. */
    void ask(List<String> request) {
        byte[] text = (String.join("\0", request) + "\0").getBytes(StandardCharsets.UTF_8);
        ByteBuffer message = ByteBuffer.allocate(Integer.BYTES + text.length).order(ByteOrder.LITTLE_ENDIAN);
        message.putInt(text.length).put(text);
        try {
            process.getOutputStream().write(message.array());
            process.getOutputStream().flush();
        } catch (IOException e) {
            process.destroyForcibly();
        }
    }

    /** Ends the process, and with it a trial under way and what that started. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            process.destroyForcibly();
        }
    }
}
