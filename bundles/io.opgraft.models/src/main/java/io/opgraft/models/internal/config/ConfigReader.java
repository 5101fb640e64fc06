package io.opgraft.models.internal.config;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelConfig;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelInput;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code config.pbtxt} and checks all that can be checked without the model. */
public final class ConfigReader {
    /** Longer files are no configurations. */
    private static final int MAX_BYTES = 4 << 20;

    /** The parser's own form of a place and of what it found there. */
    private static final Pattern PLACE = Pattern.compile("(\\d+):(\\d+):\\s*(.*)", Pattern.DOTALL);

    private static final Pattern UNKNOWN =
            Pattern.compile("(\\d+):(\\d+):\\s*inference\\.((?:\\w+\\.)*\\w+)\\.([\\w.\\[\\]]+)");

    /** The field whose value begins, or the element of its list, at the end of the text. */
    private static final Pattern FIELD = Pattern.compile("(\\w+)\\s*:?\\s*[\\[{<]?\\s*(?:[^\\[\\]{}<>:#\\n]*,\\s*)?$");

    private final String model;
    private final Path file;

    private ConfigReader(String model, Path file) {
        this.model = model;
        this.file = file;
    }

    /**
     * Reads a model's configuration.
     *
     * @param model name of the model's folder
     * @param file the file; a missing one reads as an empty one
     * @return what it says
     * @throws ConfigException if it is unreadable, malformed or asks for what is not supported
     */
    public static DeclaredConfig read(String model, Path file) throws ConfigException {
        return new ConfigReader(model, file).read();
    }

    private DeclaredConfig read() throws ConfigException {
        ModelConfig config = parse(text());
        checkName(config);
        List<String> warnings = new ArrayList<>(new LinkedHashSet<>(support(config, "")));
        checkNumbers(config);
        checkFileName(config.getDefaultModelFilename());
        checkTensors(config);
        return new DeclaredConfig(file, config, pins(config), warnings);
    }

    private String text() throws ConfigException {
        try {
            if (!Files.exists(file)) {
                return "";
            }
            if (Files.size(file) > MAX_BYTES) {
                throw error("", " is larger than " + MAX_BYTES + " bytes.", "");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw error("", " is not UTF-8 text.", "");
        } catch (IOException e) {
            throw error("", " cannot be read: " + e.getMessage() + ".", "Check its owner and mode.");
        }
    }

    private ModelConfig parse(String text) throws ConfigException {
        ModelConfig.Builder builder = ModelConfig.newBuilder();
        try {
            TextFormat.getParser().merge(text, builder);
        } catch (TextFormat.ParseException e) {
            throw parseError(e, text);
        }
        return builder.build();
    }

    private ConfigException parseError(TextFormat.ParseException e, String text) {
        Matcher unknown = UNKNOWN.matcher(e.getMessage());
        if (unknown.find()) {
            String field = unknown.group(4);
            return error(
                    field,
                    ", line " + unknown.group(1) + ", column " + unknown.group(2) + ": unknown field \"" + field
                            + "\" in " + unknown.group(3) + ".",
                    "Correct its spelling or remove it.");
        }
        Matcher place = PLACE.matcher(e.getMessage());
        String what = sentence(place.matches() ? place.group(3) : e.getMessage());
        String field = fieldAt(text, e.getLine(), e.getColumn());
        return error(
                field,
                ", line " + e.getLine() + ", column " + e.getColumn() + (field.isEmpty() ? "" : ", field " + field)
                        + ": " + what,
                "");
    }

    /** The field that a place belongs to, as far as it stands right before; else empty. */
    private static String fieldAt(String text, int line, int column) {
        List<String> lines = text.lines().limit(Math.max(line, 0)).toList();
        if (lines.size() < line || line < 1) {
            return "";
        }
        String last = lines.get(line - 1);
        String before = String.join("\n", lines.subList(0, line - 1)) + "\n"
                + last.substring(0, Math.min(Math.max(column - 1, 0), last.length()));
        // Only what stands close before can be meant, and a short text is matched quickly.
        Matcher field = FIELD.matcher(before.substring(Math.max(0, before.length() - 1000)));
        return field.find() ? field.group(1) : "";
    }

    private static String sentence(String text) {
        String line = text.strip().replaceAll("\\s*\\R\\s*", " ");
        return line.endsWith(".") ? line : line + ".";
    }

    private void checkName(ModelConfig config) throws ConfigException {
        if (!config.getName().isEmpty() && !config.getName().equals(model)) {
            throw error(
                    "name",
                    ": field name is \"" + config.getName() + "\", but the model's folder is \"" + model + "\".",
                    "Make them equal, or remove the field.");
        }
    }

    /** Walks the fields that are set; returns warnings. */
    private List<String> support(Message message, String prefix) throws ConfigException {
        List<String> warnings = new ArrayList<>();
        for (Map.Entry<FieldDescriptor, Object> set : message.getAllFields().entrySet()) {
            String path = prefix + set.getKey().getName();
            FieldSupport.Entry entry = FieldSupport.of(path);
            if (entry == null) {
                for (Object inner : set.getValue() instanceof List<?> list ? list : List.of(set.getValue())) {
                    warnings.addAll(support((Message) inner, path + "."));
                }
            } else if (entry.effect() == FieldSupport.Effect.REFUSED) {
                throw error(
                        path,
                        ": field " + path + " cannot be honoured: " + entry.why() + ".",
                        "Remove it if the model answers rightly without it.");
            } else if (entry.effect() == FieldSupport.Effect.IGNORED) {
                warnings.add(subject() + ": field " + path + " has no effect: " + entry.why() + ".");
            }
        }
        return warnings;
    }

    private void checkNumbers(ModelConfig config) throws ConfigException {
        if (config.getMaxBatchSize() < 0) {
            throw error(
                    "max_batch_size",
                    ": field max_batch_size is " + config.getMaxBatchSize() + ", but must be 0 or more.",
                    "");
        }
        for (long version : config.getVersionPolicy().getSpecific().getVersionsList()) {
            if (version < 1) {
                throw error(
                        "version_policy.specific.versions",
                        ": field version_policy.specific.versions names " + version + ", but versions start at 1.",
                        "");
            }
        }
    }

    private void checkFileName(String name) throws ConfigException {
        boolean leaves = name.indexOf('\0') >= 0
                || name.startsWith("/")
                || List.of(name.split("/", -1)).contains("..");
        if (leaves) {
            throw error(
                    "default_model_filename",
                    ": field default_model_filename is \"" + name + "\", which leaves the version folder.",
                    "Name a file in it.");
        }
    }

    private void checkTensors(ModelConfig config) throws ConfigException {
        Set<String> seen = new HashSet<>();
        for (ModelInput input : config.getInputList()) {
            checkTensor("input", input.getName(), input.getDimsList(), seen);
        }
        seen.clear();
        for (ModelOutput output : config.getOutputList()) {
            checkTensor("output", output.getName(), output.getDimsList(), seen);
        }
    }

    private void checkTensor(String field, String name, List<Long> dims, Set<String> seen) throws ConfigException {
        if (name.isEmpty()) {
            throw error(field + ".name", ": an " + field + " has no name.", "Add the field name.");
        }
        if (!seen.add(name)) {
            throw error(field + ".name", ": " + field + " \"" + name + "\" is declared twice.", "Remove one of them.");
        }
        for (long dim : dims) {
            if (dim < 1 && dim != -1) {
                throw error(
                        field + ".dims",
                        ": field dims of " + field + " \"" + name + "\" has " + dim
                                + ", but a dimension is 1 or more, or -1 for any size.",
                        "");
            }
        }
    }

    private List<OpPin> pins(ModelConfig config) throws ConfigException {
        List<OpPin> pins = new ArrayList<>();
        for (String text : config.getModelOperations().getOpLibraryFilenameList()) {
            OpPin pin;
            try {
                pin = OpPin.parse(text, isFile(text));
            } catch (ConfigException e) {
                throw error(
                        e.reason().subject(), ": " + e.getMessage(), e.reason().remedy());
            }
            if (pins.stream().anyMatch(pin::clashes)) {
                throw error(
                        OpPin.FIELD,
                        ": field " + OpPin.FIELD + " names " + pin.name() + " twice.",
                        "Keep one of the entries.");
            }
            pins.add(pin);
        }
        return pins;
    }

    private boolean isFile(String text) {
        String name = text.substring(0, text.indexOf(";") < 0 ? text.length() : text.indexOf(";"))
                .strip();
        return name.matches("[A-Za-z0-9_.-]+") && Files.isRegularFile(file.resolveSibling(name));
    }

    private String subject() {
        return DeclaredConfig.subject(model);
    }

    private ConfigException error(String field, String rest, String remedy) {
        return new ConfigException(field, subject() + rest, remedy);
    }
}
