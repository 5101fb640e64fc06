package io.opgraft.tensorflow.internal;

import io.opgraft.backend.ModelLoadException;
import io.opgraft.backend.ModelSource;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file or folder of a model version and its kind.
 *
 * @param path what {@code default_model_filename} names, or the default
 * @param savedModel true for a SavedModel folder, false for a GraphDef file
 */
record ModelFile(Path path, boolean savedModel) {
    static final String SAVED_MODEL = "tensorflow_savedmodel";
    static final String GRAPH_DEF = "tensorflow_graphdef";

    private static final String SAVED_MODEL_NAME = "model.savedmodel";
    private static final String GRAPH_DEF_NAME = "model.graphdef";

    static boolean isIn(Path directory) {
        return Files.isDirectory(directory.resolve(SAVED_MODEL_NAME))
                || Files.isRegularFile(directory.resolve(GRAPH_DEF_NAME));
    }

    static ModelFile of(ModelSource source) throws ModelLoadException {
        boolean graph = source.platform().equals(GRAPH_DEF);
        if (source.platform().isEmpty()) {
            String name = source.fileName().isEmpty() ? GRAPH_DEF_NAME : source.fileName();
            graph = Files.isRegularFile(source.directory().resolve(name));
        } else if (!graph && !source.platform().equals(SAVED_MODEL)) {
            throw new ModelLoadException("platform \"" + source.platform() + "\" is not one of TensorFlow's; use "
                    + SAVED_MODEL + " or " + GRAPH_DEF);
        }
        String name = source.fileName();
        if (name.isEmpty()) {
            name = graph ? GRAPH_DEF_NAME : SAVED_MODEL_NAME;
        }
        Path path = source.directory().resolve(name);
        if (graph ? !Files.isRegularFile(path) : !Files.isDirectory(path)) {
            String other = Files.exists(path) ? (graph ? "; it is a folder" : "; it is a file") : "";
            throw new ModelLoadException(
                    (graph ? "the GraphDef file " : "the SavedModel folder ") + path + " is missing" + other);
        }
        return new ModelFile(path, !graph);
    }

    String platform() {
        return savedModel ? SAVED_MODEL : GRAPH_DEF;
    }
}
