package io.opgraft.shell.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTest {
    /** Gives and takes one byte at a time, as a slow peer may. */
    private static final class OneByteChannel implements ByteChannel {
        private final List<Byte> bytes = new ArrayList<>();

        @Override
        public int read(ByteBuffer target) {
            if (bytes.isEmpty()) {
                return -1;
            }
            target.put(bytes.remove(0));
            return 1;
        }

        @Override
        public int write(ByteBuffer source) {
            bytes.add(source.get());
            return 1;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private final OneByteChannel channel = new OneByteChannel();

    @Test
    void comesBackAsWritten() throws IOException {
        new Frame(Frame.RUN, "gr\u00fc\u00df\n").write(channel);
        new Frame(Frame.RESULT, new byte[] {1}).write(channel);
        Frame run = Frame.read(channel);
        assertEquals(Frame.RUN, run.type());
        assertEquals("gr\u00fc\u00df\n", run.text());
        assertArrayEquals(new byte[] {1}, Frame.read(channel).payload());
        assertNull(Frame.read(channel));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Frame.LIMIT + 1, Integer.MAX_VALUE})
    void aLengthOutOfBoundsIsRefusedBeforeMemoryIsTaken(int length) {
        ByteBuffer head = ByteBuffer.allocate(5).put((byte) 'R').putInt(length).flip();
        while (head.hasRemaining()) {
            channel.write(head);
        }
        assertThrows(IOException.class, () -> Frame.read(channel));
    }

    @Test
    void anEndWithinAFrameIsAnError() throws IOException {
        new Frame(Frame.RUN, "lb").write(channel);
        channel.bytes.remove(channel.bytes.size() - 1);
        assertThrows(EOFException.class, () -> Frame.read(channel));
    }
}
