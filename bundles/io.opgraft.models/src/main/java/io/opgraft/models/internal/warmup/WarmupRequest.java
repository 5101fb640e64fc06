package io.opgraft.models.internal.warmup;

import io.opgraft.backend.InferenceException;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Tensor;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.ModelMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One request of a warm-up folder and the answer that is expected, if the folder says. */
final class WarmupRequest implements Sample {
    private final Path file;
    private final Path expectedFile;

    WarmupRequest(Path file, Path expectedFile) {
        this.file = file;
        this.expectedFile = expectedFile;
    }

    @Override
    public void run(LoadedModel model, ModelMetadata metadata) throws WarmupException {
        List<JsonTensor> inputs = new ArrayList<>();
        Set<String> wanted = new LinkedHashSet<>();
        List<Golden> goldens = List.of();
        Path reading = file;
        try {
            Map<?, ?> body = JsonTree.read(file);
            inputs.addAll(JsonTensor.list(body, "inputs"));
            wanted.addAll(outputs(body, metadata));
            checkInputs(inputs, metadata);
            if (Files.exists(expectedFile)) {
                reading = expectedFile;
                goldens = Golden.list(JsonTree.read(expectedFile));
                for (Golden golden : goldens) {
                    checkOutput(golden.output(), metadata);
                    wanted.add(golden.output());
                }
            }
        } catch (MalformedException e) {
            throw new WarmupException(reading.toString(), "Warm-up file " + reading + " " + e.getMessage() + ".");
        } catch (IOException e) {
            throw new WarmupException(reading.toString(), "Warm-up file " + reading + " cannot be read: " + e + ".");
        }
        run(model, metadata, inputs, new ArrayList<>(wanted), goldens);
    }

    private static Set<String> outputs(Map<?, ?> body, ModelMetadata metadata) throws MalformedException {
        Set<String> names = new LinkedHashSet<>();
        if (!(body.get("outputs") instanceof List<?> list) || list.isEmpty()) {
            metadata.outputs().forEach(spec -> names.add(spec.name()));
            return names;
        }
        for (Object element : list) {
            if (!(element instanceof Map<?, ?> map) || !(map.get("name") instanceof String name)) {
                throw new MalformedException("has an entry without a \"name\" in \"outputs\"");
            }
            checkOutput(name, metadata);
            names.add(name);
        }
        return names;
    }

    private static void checkOutput(String name, ModelMetadata metadata) throws MalformedException {
        if (metadata.outputs().stream().noneMatch(spec -> spec.name().equals(name))) {
            throw new MalformedException("names the output \"" + name + "\", which the model does not have");
        }
    }

    private static void checkInputs(List<JsonTensor> inputs, ModelMetadata metadata) throws MalformedException {
        for (JsonTensor input : inputs) {
            TensorSpec spec = metadata.inputs().stream()
                    .filter(s -> s.name().equals(input.name()))
                    .findFirst()
                    .orElseThrow(() -> new MalformedException(
                            "names the input \"" + input.name() + "\", which the model does not have"));
            if (spec.datatype() != input.type()) {
                throw new MalformedException("gives input \"" + input.name() + "\" as " + input.type()
                        + ", but the model takes " + spec.datatype());
            }
            if (spec.shape() != null && !spec.shape().accepts(input.shape())) {
                throw new MalformedException("gives input \"" + input.name() + "\" the shape " + input.shape()
                        + ", but the model takes " + spec.shape());
            }
        }
        for (TensorSpec spec : metadata.inputs()) {
            boolean optional = metadata.options().optionalInputs().contains(spec.name());
            if (!optional && inputs.stream().noneMatch(input -> input.name().equals(spec.name()))) {
                throw new MalformedException("does not give the input \"" + spec.name() + "\"");
            }
        }
    }

    private void run(
            LoadedModel model,
            ModelMetadata metadata,
            List<JsonTensor> inputs,
            List<String> wanted,
            List<Golden> goldens)
            throws WarmupException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try {
            for (JsonTensor input : inputs) {
                Tensor tensor = model.allocate(
                        input.type(),
                        Reshapes.input(metadata, input.name(), input.shape()),
                        input.data().remaining());
                tensors.put(input.name(), tensor);
                tensor.buffer().put(input.data().duplicate());
            }
            try (Outputs outputs = model.run(tensors, wanted)) {
                compare(outputs, metadata, wanted, goldens);
            }
        } catch (InferenceException e) {
            throw new WarmupException(
                    file.toString(), "Warm-up request " + file + " fails: " + sentence(e.getMessage()));
        } finally {
            tensors.values().forEach(Tensor::close);
        }
    }

    private void compare(Outputs outputs, ModelMetadata metadata, List<String> wanted, List<Golden> goldens)
            throws WarmupException {
        for (Golden golden : goldens) {
            Tensor got = outputs.tensors().get(wanted.indexOf(golden.output()));
            String difference = golden.difference(got, metadata);
            if (difference != null) {
                throw new WarmupException(
                        expectedFile.toString(),
                        "The answer to warm-up request " + file + " is wrong: output " + golden.output() + " "
                                + difference + ".");
            }
        }
    }

    private static String sentence(String text) {
        return text != null && text.endsWith(".") ? text : text + ".";
    }
}
