package io.opgraft.shell.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Turns what a command prints into frames. */
final class FrameOutput extends OutputStream {
    private static final int CHUNK = 8192;

    /** Where frames go. */
    @FunctionalInterface
    interface Sink {
        void send(Frame frame) throws IOException;
    }

    private final char type;
    private final Sink sink;
    private final byte[] buffer = new byte[CHUNK];
    private int size;

    FrameOutput(char type, Sink sink) {
        this.type = type;
        this.sink = sink;
    }

    @Override
    public synchronized void write(int b) throws IOException {
        buffer[size++] = (byte) b;
        if (size == CHUNK) {
            flush();
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        for (int i = 0; i < length; i++) {
            write(bytes[offset + i]);
        }
    }

    @Override
    public synchronized void flush() throws IOException {
        if (size > 0) {
            byte[] payload = Arrays.copyOf(buffer, size);
            size = 0;
            sink.send(new Frame(type, payload));
        }
    }
}
