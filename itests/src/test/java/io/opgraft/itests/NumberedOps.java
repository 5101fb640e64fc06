package io.opgraft.itests;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Op bundles of which every version computes its own number, so that an answer shows who computed it. Versions are {@code
 * 1.0.N}; each has a library, and so a digest, of its own.
 */
final class NumberedOps {
    private static final byte[] MARK = "opgraft-number-here\0".getBytes(StandardCharsets.US_ASCII);

    /** The fixture libraries that have a number in them. */
    enum Kind {
        SCALE("numbered-scale", "libscale.so", "FixtureScale"),
        SCALE_CPP("numbered-scale-cpp", "libscale.so", "FixtureScale"),
        OFFSET("numbered-offset", "liboffset.so", "FixtureOffset");

        private final String folder;
        private final String library;
        private final String op;

        Kind(String folder, String library, String op) {
            this.folder = folder;
            this.library = library;
            this.op = op;
        }
    }

    private final Path work;

    /** Uses the folder for what it builds. */
    NumberedOps(Path work) throws IOException {
        this.work = Files.createDirectories(work);
    }

    /**
     * The number that a version computes with; another one for each bundle, exact as a float.
     *
     * @param label {@code name/1.0.N}
     */
    static float number(String label) {
        int slash = label.lastIndexOf('/');
        return 2 + 8 * version(label) + Math.floorMod(label.substring(0, slash).hashCode(), 8);
    }

    /** The same for an op of a bundle that may have several. */
    static float number(String op, String label) {
        return StormCrowd.hasOp(op) ? StormCrowd.number(op, version(label)) : number(label);
    }

    private static int version(String label) {
        return Integer.parseInt(label.substring(label.lastIndexOf('.') + 1));
    }

    /** A new empty folder. */
    Path folder(String name) throws IOException {
        return Files.createTempDirectory(work, name);
    }

    /** The library {@link Kind#SCALE} with another op name of equal length. */
    static byte[] scale(String op, float number) throws IOException {
        byte[] bytes = library(Kind.SCALE, number);
        byte[] name = Kind.SCALE.op.getBytes(StandardCharsets.US_ASCII);
        int at = find(bytes, name);
        System.arraycopy(op.getBytes(StandardCharsets.US_ASCII), 0, bytes, at, name.length);
        return bytes;
    }

    static String label(String bundle, int version) {
        return bundle + "/1.0." + version;
    }

    /** Writes version {@code 1.0.N} in one step over what has that name. */
    void write(Path jar, Kind kind, String bundle, int version) throws IOException {
        write(jar, kind, bundle, version, 0);
    }

    /** The same with a data file beside the library, so that installing it takes its time. */
    void write(Path jar, Kind kind, String bundle, int version, int dataBytes) throws IOException {
        Path folder = folder("library");
        Path library = folder.resolve(kind.library);
        Files.write(library, library(kind, number(label(bundle, version))));
        OpBundle op = OpBundle.of(bundle, "1.0." + version, library, kind.op);
        if (dataBytes > 0) {
            byte[] data = new byte[dataBytes];
            new Random(version).nextBytes(data);
            Path file = folder.resolve("weights.bin");
            Files.write(file, data);
            op.helper(file);
        }
        op.writeTo(jar);
    }

    /** Writes a bundle whose library is cut in the middle, which must be refused. */
    void writeBroken(Path jar, String bundle, int version) throws IOException {
        byte[] whole = library(Kind.SCALE, number(label(bundle, version)));
        Path folder = folder("broken");
        Path library = folder.resolve(Kind.SCALE.library);
        Files.write(library, java.util.Arrays.copyOf(whole, whole.length / 2));
        OpBundle.of(bundle, "1.0." + version, library, Kind.SCALE.op).writeTo(jar);
    }

    /** The number in a library. */
    static float numberIn(Path library) throws IOException {
        byte[] bytes = Files.readAllBytes(library);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getFloat(find(bytes) + MARK.length);
    }

    private static byte[] library(Kind kind, float number) throws IOException {
        byte[] bytes =
                Files.readAllBytes(Opgraft.nativeFixtures().resolve(kind.folder).resolve(kind.library));
        int at = find(bytes);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(at + MARK.length, number);
        return bytes;
    }

    private static int find(byte[] bytes) {
        return find(bytes, MARK);
    }

    private static int find(byte[] bytes, byte[] what) {
        for (int i = 0; i + what.length + Float.BYTES <= bytes.length; i++) {
            if (java.util.Arrays.equals(bytes, i, i + what.length, what, 0, what.length)) {
                return i;
            }
        }
        throw new AssertionError("not in the fixture library: " + new String(what, StandardCharsets.US_ASCII));
    }
}
