package io.opgraft.models.view;

import io.opgraft.models.ModelStatus.State;
import io.opgraft.models.Wiring.Wire;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The wiring of model versions as a picture, in Graphviz's language DOT. */
public final class WiringDot {
    private WiringDot() {}

    /**
     * Draws versions: an arrow for each op from the model to the bundle that computes it, a dashed one to an op that
     * nothing computes.
     *
     * @param versions ready or not
     * @return a directed graph
     */
    public static String of(List<ModelVersion> versions) {
        Map<String, String> nodes = new LinkedHashMap<>();
        List<String> edges = new ArrayList<>();
        for (ModelVersion version : versions) {
            draw(version, nodes, edges);
        }
        StringBuilder dot = new StringBuilder("digraph wiring {\n");
        dot.append("  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\"];\n");
        nodes.forEach((id, attributes) -> dot.append("  ")
                .append(quote(id))
                .append(" [")
                .append(attributes)
                .append("];\n"));
        edges.forEach(edge -> dot.append("  ").append(edge).append(";\n"));
        return dot.append("}\n").toString();
    }

    private static void draw(ModelVersion of, Map<String, String> nodes, List<String> edges) {
        String number = of.version() == null ? "" : "/" + of.version().version();
        String model = "model " + of.model().name() + number;
        nodes.put(
                model,
                "shape=box, style=rounded, label="
                        + quote(of.model().name() + number + "\n" + of.state() + (of.hold() == null ? "" : "\nheld"))
                        + (of.state() == State.READY ? "" : ", color=red"));
        for (Wire wire : of.wires()) {
            String bundle = "bundle " + wire.bundle() + "/" + wire.version() + " " + wire.bundleId();
            nodes.put(
                    bundle,
                    "shape=component, label="
                            + quote(wire.bundle() + "\n" + wire.version() + "\n"
                                    + wire.provider().report().verdict()));
            edges.add(quote(model) + " -> " + quote(bundle) + " [label=" + quote(wire.op()) + "]");
        }
        for (String op : of.unwiredOps()) {
            String missing = "op " + op;
            nodes.put(missing, "shape=box, style=dashed, color=red, label=" + quote(op));
            edges.add(quote(model) + " -> " + quote(missing) + " [style=dashed, color=red]");
        }
    }

    /** A quoted string: only the quote, the backslash and the end of a line mean something in it. */
    private static String quote(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').appendCodePoint(c);
            } else if (c == '\n') {
                out.append("\\n");
            } else {
                out.appendCodePoint(Character.isISOControl(c) ? ' ' : c);
            }
        });
        return out.append('"').toString();
    }
}
