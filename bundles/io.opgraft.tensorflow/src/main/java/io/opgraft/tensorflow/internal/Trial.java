package io.opgraft.tensorflow.internal;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.proto.KernelDef;
import org.tensorflow.proto.KernelList;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.OpList;

/** What {@code opgraft-probe} left behind: see report.h for the form. */
final class Trial {
    private static final int HEAD = 13;
    private static final int OUTPUT_LIMIT = 64 << 10;

    /** One entry of the report: how much had been printed when it was written, and its content. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Frame(long printed, byte[] content) {
        String text() {
            return new String(content, StandardCharsets.UTF_8);
        }
    }

    private final Map<Character, Frame> frames = new HashMap<>();
    private final Map<String, List<KernelDef>> kernels = new HashMap<>();
    private final String end;
    private final byte[] output;
    private final long outputSize;
    private final long limitMillis;
    private final long millis;

    private Trial(String end, byte[] output, long outputSize, long limitMillis, long millis) {
        this.end = end;
        this.output = output;
        this.outputSize = outputSize;
        this.limitMillis = limitMillis;
        this.millis = millis;
    }

    static Trial read(Path results, long limitMillis, long millis) throws IOException {
        Path end = results.resolve("end");
        byte[] output;
        long size;
        try (RandomAccessFile file =
                new RandomAccessFile(results.resolve("output").toFile(), "r")) {
            size = file.length();
            output = new byte[(int) Math.min(size, OUTPUT_LIMIT)];
            file.seek(size - output.length);
            file.readFully(output);
        }
        if (!Files.exists(end)) {
            throw new IOException("the probe failed: " + new String(output, StandardCharsets.UTF_8).strip());
        }
        Trial trial = new Trial(Files.readString(end), output, size, limitMillis, millis);
        Path report = results.resolve("report");
        if (Files.exists(report)) {
            trial.readFrames(ByteBuffer.wrap(Files.readAllBytes(report)).order(ByteOrder.LITTLE_ENDIAN));
        }
        return trial;
    }

    /** The last frame may be cut, if the process ended while it was written. */
    private void readFrames(ByteBuffer report) throws InvalidProtocolBufferException {
        while (report.remaining() >= HEAD) {
            char letter = (char) report.get();
            long printed = report.getLong();
            int size = report.getInt();
            if (size < 0 || size > report.remaining()) {
                return;
            }
            byte[] content = new byte[size];
            report.get(content);
            if (letter == 'K') {
                addKernels(content);
            } else {
                frames.put(letter, new Frame(printed, content));
            }
        }
    }

    private void addKernels(byte[] content) throws InvalidProtocolBufferException {
        int zero = 0;
        while (content[zero] != 0) {
            zero++;
        }
        String op = new String(content, 0, zero, StandardCharsets.UTF_8);
        ByteBuffer list = ByteBuffer.wrap(content, zero + 1, content.length - zero - 1);
        kernels.put(op, KernelList.parseFrom(list).getKernelList());
    }

    /** Why no trial could be made; null if one was. */
    String fault() {
        return text('F');
    }

    /** Whether TensorFlow itself was ready. */
    boolean isReady() {
        return frames.containsKey('R');
    }

    /** The answer to the first load; null if the process ended before. */
    String loaded() {
        return text('L');
    }

    /** Whether all there is to know of the first load is here. */
    boolean isComplete() {
        return frames.containsKey('S');
    }

    /** The answer to the second load; null if the process ended before. */
    String twin() {
        return text('T');
    }

    private String text(char letter) {
        Frame frame = frames.get(letter);
        return frame == null ? null : frame.text();
    }

    /** What TensorFlow has now and did not have before. */
    List<OpDef> newOps() throws IOException {
        return OpList.parseFrom(frames.get('A').content()).getOpList();
    }

    /** Of an op by the name of its author. */
    List<KernelDef> kernels(String op) {
        return kernels.getOrDefault(op, List.of());
    }

    /** How the process ended, in words that follow "it". */
    Ending ending(char after) {
        Frame frame = frames.get(after);
        return Ending.of(end, printed(frame == null ? 0 : frame.printed(), outputSize), limitMillis);
    }

    /** What the library printed during its first load. */
    String output() {
        Frame last = frames.get('S');
        return printed(frames.get('R').printed(), last == null ? outputSize : last.printed());
    }

    /** What was printed between two places of the output, as far as it was kept. */
    private String printed(long from, long to) {
        long cut = outputSize - output.length;
        int start = (int) Math.max(0, from - cut);
        int stop = (int) Math.max(start, to - cut);
        return new String(output, start, stop - start, StandardCharsets.UTF_8).strip();
    }

    long millis() {
        return millis;
    }
}
