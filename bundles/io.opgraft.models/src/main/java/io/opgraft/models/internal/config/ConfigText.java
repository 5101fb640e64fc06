package io.opgraft.models.internal.config;

import com.google.protobuf.TextFormat;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of a {@code config.pbtxt} as a message; mistakes are told with place and field. */
final class ConfigText {
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

    private ConfigText(String model, Path file) {
        this.model = model;
        this.file = file;
    }

    /** Parses a file; a missing one is an empty one. */
    static ModelConfig read(String model, Path file) throws ConfigException {
        ConfigText text = new ConfigText(model, file);
        return text.parse(text.text());
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

    private ConfigException error(String field, String rest, String remedy) {
        return new ConfigException(field, DeclaredConfig.subject(model) + rest, remedy);
    }
}
