package io.opgraft.itests;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/**
 * A bundle with many op libraries, each with an op and a number of its own, and a model that uses them all: {@code y} is
 * {@code x} times the sum of the numbers. Each new version of the bundle makes the server load {@link #LIBRARIES} libraries.
 *
 * @param index tells it from other crowds
 */
record StormCrowd(int index) {
    static final int LIBRARIES = 25;
    /** As many as there are names of one length for their ops. */
    static final int MOST = 100 / LIBRARIES;

    private static final String BUNDLE = "storm.crowd";
    private static final String OP = "FixtureSca";

    String bundle() {
        return BUNDLE + index;
    }

    NumberedModel model() {
        return new NumberedModel("crowd" + index, NumberedModel.Form.CROWD);
    }

    static boolean isOf(String label) {
        return label.startsWith(BUNDLE);
    }

    static boolean hasOp(String op) {
        return op.startsWith(OP) && Character.isDigit(op.charAt(op.length() - 1));
    }

    /** The number of an op, small enough for exact sums. */
    static float number(String op, int version) {
        return version + Integer.parseInt(op.substring(OP.length())) % LIBRARIES;
    }

    private String op(int i) {
        return OP + String.format("%02d", index * LIBRARIES + i);
    }

    /** Writes a version of the bundle in one step. */
    void write(NumberedOps ops, Path jar, int version) throws IOException {
        OpBundle bundle = null;
        Path folder = ops.folder("crowd");
        for (int i = 0; i < LIBRARIES; i++) {
            String op = op(i);
            Path library = folder.resolve("lib" + op + ".so");
            Files.write(library, NumberedOps.scale(op, number(op, version)));
            bundle =
                    bundle == null ? OpBundle.of(bundle(), "1.0." + version, library, op) : bundle.library(library, op);
        }
        bundle.writeTo(jar);
        FixtureRepository.deleteTree(folder);
    }

    /** Adds the model to a repository: a placeholder, the ops, and the sum of what they give. */
    void addTo(FixtureRepository repository) throws IOException {
        String template = "scale_library_graph";
        String name = model().name();
        repository.model(template, name, bundle());
        Path graph = repository.models().resolve(name).resolve("1").resolve("model.graphdef");
        byte[] placeholder = Files.readAllBytes(graph);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        // The first entry of the template is its input: tag, length, content.
        out.write(placeholder, 0, 2 + placeholder[1]);
        ByteArrayOutputStream sum = new ByteArrayOutputStream();
        field(sum, 1, "OUTPUT0".getBytes(StandardCharsets.US_ASCII));
        field(sum, 2, "AddN".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < LIBRARIES; i++) {
            String node = "n" + i;
            field(out, 1, node(node, op(i), "INPUT0"));
            field(sum, 3, node.getBytes(StandardCharsets.US_ASCII));
        }
        // Attributes N: the number of inputs, and T: DT_FLOAT.
        field(sum, 5, HexFormat.of().parseHex("0a014e120218" + String.format("%02x", LIBRARIES)));
        field(sum, 5, HexFormat.of().parseHex("0a015412023001"));
        field(out, 1, sum.toByteArray());
        // The version of GraphDef that the template has.
        out.write(HexFormat.of().parseHex("220308da0e"));
        Files.write(graph, out.toByteArray());
    }

    private static byte[] node(String name, String op, String input) {
        ByteArrayOutputStream node = new ByteArrayOutputStream();
        int number = 1;
        for (String text : List.of(name, op, input)) {
            field(node, number++, text.getBytes(StandardCharsets.US_ASCII));
        }
        return node.toByteArray();
    }

    /** A field of bytes in the form of protocol buffers. */
    private static void field(ByteArrayOutputStream out, int number, byte[] content) {
        out.write(number << 3 | 2);
        if (content.length > 127) {
            out.write((content.length & 127) | 128);
            out.write(content.length >> 7);
        } else {
            out.write(content.length);
        }
        out.writeBytes(content);
    }
}
