package io.opgraft.tensorflow.internal;

import com.google.protobuf.CodedInputStream;
import io.opgraft.backend.DataType;
import io.opgraft.backend.ModelLoadException;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.TensorSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/** Reads {@code saved_model.pb}: which of its graphs and signatures a model serves, and what they need. */
final class SavedModelReader {
    private static final String TAG_PARAMETER = "TF_GRAPH_TAG";
    private static final String SIGNATURE_PARAMETER = "TF_SIGNATURE_DEF";
    private static final String DEFAULT_TAG = "serve";
    private static final String DEFAULT_SIGNATURE = "serving_default";
    /** Run by TensorFlow's loader itself. */
    private static final String INIT_SIGNATURE = "__saved_model_init_op";

    private SavedModelReader() {}

    static SavedModel read(Path folder) throws ModelLoadException {
        Path file = folder.resolve("saved_model.pb");
        if (!Files.isRegularFile(file)) {
            if (Files.exists(folder.resolve("saved_model.cpb"))) {
                throw new ModelLoadException(
                        folder + " is a chunked SavedModel (saved_model.cpb, for graphs beyond 2 GB),"
                                + " whose ops cannot be bound; export it with a smaller graph, weights in variables");
            }
            if (Files.exists(folder.resolve("saved_model.pbtxt"))) {
                throw new ModelLoadException(folder + " holds saved_model.pbtxt, the text form, which is not supported;"
                        + " export it with as_text=False");
            }
            throw new ModelLoadException("the file " + file + " is missing");
        }
        return parse(file, SavedModel::parseFrom);
    }

    /** Parses one of a protobuf class's messages. */
    @FunctionalInterface
    interface Parser<T> {
        T parse(CodedInputStream in) throws IOException;
    }

    static <T> T parse(Path file, Parser<T> parser) throws ModelLoadException {
        try (InputStream in = Files.newInputStream(file)) {
            return parser.parse(CodedInputStream.newInstance(in, 1 << 16));
        } catch (IOException e) {
            throw new ModelLoadException("the file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    static Set<String> tags(ModelSource source) {
        return new TreeSet<>(List.of(
                source.parameters().getOrDefault(TAG_PARAMETER, DEFAULT_TAG).split(",", -1)));
    }

    /** The graph that carries the wanted tags. */
    static int metaGraph(SavedModel model, ModelSource source) throws ModelLoadException {
        Set<String> wanted = tags(source);
        List<String> offered = new ArrayList<>();
        for (int i = 0; i < model.getMetaGraphsCount(); i++) {
            Set<String> tags =
                    new TreeSet<>(model.getMetaGraphs(i).getMetaInfoDef().getTagsList());
            if (tags.equals(wanted)) {
                return i;
            }
            offered.add("\"" + String.join(",", tags) + "\"");
        }
        throw new ModelLoadException("the SavedModel has no graph with the tag \"" + String.join(",", wanted)
                + "\", only " + String.join(" and ", offered) + "; set the parameter " + TAG_PARAMETER);
    }

    static Graph graph(SavedModel model, ModelSource source) throws ModelLoadException {
        MetaGraphDef meta = model.getMetaGraphs(metaGraph(model, source));
        SignatureDef signature = signature(meta, source);
        Map<String, OpDef> listed = new HashMap<>();
        meta.getMetaInfoDef().getStrippedOpList().getOpList().forEach(op -> listed.put(op.getName(), op));
        return new Graph(
                meta.getGraphDef(),
                listed,
                endpoints(signature.getInputsMap(), "input"),
                endpoints(signature.getOutputsMap(), "output"));
    }

    private static SignatureDef signature(MetaGraphDef meta, ModelSource source) throws ModelLoadException {
        Map<String, SignatureDef> all = new TreeMap<>(meta.getSignatureDefMap());
        all.remove(INIT_SIGNATURE);
        String choices = all.isEmpty() ? "none" : "\"" + String.join("\", \"", all.keySet()) + "\"";
        String named = source.parameters().get(SIGNATURE_PARAMETER);
        if (named != null) {
            if (!all.containsKey(named)) {
                throw new ModelLoadException("the SavedModel has no signature \"" + named + "\" as the parameter "
                        + SIGNATURE_PARAMETER + " says; it has " + choices);
            }
            return all.get(named);
        }
        if (all.containsKey(DEFAULT_SIGNATURE)) {
            return all.get(DEFAULT_SIGNATURE);
        }
        if (all.size() == 1) {
            return all.values().iterator().next();
        }
        throw new ModelLoadException("the SavedModel has no signature \"" + DEFAULT_SIGNATURE + "\"; set the parameter "
                + SIGNATURE_PARAMETER + " to one of those it has: " + choices);
    }

    private static List<Endpoint> endpoints(Map<String, TensorInfo> infos, String kind) throws ModelLoadException {
        List<Endpoint> endpoints = new ArrayList<>();
        for (Map.Entry<String, TensorInfo> entry : new TreeMap<>(infos).entrySet()) {
            TensorInfo info = entry.getValue();
            String what = "the signature's " + kind + " \"" + entry.getKey() + "\"";
            if (info.getEncodingCase() != TensorInfo.EncodingCase.NAME) {
                throw new ModelLoadException(
                        what + " is no plain tensor but sparse or composite, which requests cannot carry");
            }
            DataType datatype = Types.of(info.getDtypeValue());
            if (datatype == null) {
                throw new ModelLoadException(what + " is of type " + info.getDtype() + ", which requests cannot carry");
            }
            endpoints.add(Endpoint.of(
                    new TensorSpec(entry.getKey(), datatype, Types.shape(info.getTensorShape())), info.getName()));
        }
        return endpoints;
    }
}
