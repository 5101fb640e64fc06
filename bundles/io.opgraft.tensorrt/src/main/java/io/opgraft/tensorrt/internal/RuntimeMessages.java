package io.opgraft.tensorrt.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a runtime of TensorRT said, and what that means. Immutable. */
final class RuntimeMessages {
    private static final int WARNING = 2;
    private static final int SHOWN = 3;
    private static final List<Pattern> MISSING = List.of(
            Pattern.compile("Cannot find plugin: (.*?), version: (.*?), namespace: ?(.*?)\\.?\\)"),
            Pattern.compile(
                    "could not find plugin:? (\\S+?),? version:? (\\S+?)(?:,? namespace:? ?(\\S*?))?\\.?\\)?$"));
    private static final Pattern LIBRARY =
            Pattern.compile("expecting library version (\\S+) got(?: version)? (\\S+?)[,.]? ");
    private static final Pattern TAG = Pattern.compile("Current Version: (\\d+), Serialized Engine Version: (\\d+)");
    private static final Pattern COMPUTE = Pattern.compile("expecting compute (\\d+\\.\\d+) got compute (\\d+\\.\\d+)");

    private final List<String> errors;

    private RuntimeMessages(List<String> errors) {
        this.errors = List.copyOf(errors);
    }

    /** Reads what a log holds: lines that begin with the severity as a digit; warnings only count without errors. */
    static RuntimeMessages parse(String text) {
        List<String> errors = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        text.lines().filter(line -> line.length() > 1).forEach(line -> {
            boolean error = line.charAt(0) - '0' < WARNING;
            (error ? errors : warnings).add(line.substring(1).strip());
        });
        return new RuntimeMessages(errors.isEmpty() ? warnings : errors);
    }

    /** The op that a plan needs and no library of its registry has; null if that is not the reason. */
    String missingOp() {
        for (String line : errors) {
            for (Pattern pattern : MISSING) {
                Matcher match = pattern.matcher(line);
                if (match.find()) {
                    String namespace = match.group(3) == null ? "" : match.group(3);
                    return OpName.of(match.group(1), match.group(2), namespace);
                }
            }
        }
        return null;
    }

    /**
     * Why a plan cannot be opened, as part of a sentence whose "it" is the plan.
     *
     * @param version of the TensorRT that tried
     * @param device that it was tried for
     */
    String reason(String version, Object device) {
        for (String line : errors) {
            Matcher library = LIBRARY.matcher(line + " ");
            if (library.find()) {
                return "it was built by TensorRT " + library.group(2) + ", and this server runs TensorRT "
                        + library.group(1) + "; build it with that version";
            }
            Matcher tag = TAG.matcher(line);
            if (tag.find()) {
                return "it was built by another TensorRT (plan format " + tag.group(2)
                        + "), and this server runs TensorRT " + version + " (plan format " + tag.group(1)
                        + "); build it with that version";
            }
            Matcher compute = COMPUTE.matcher(line);
            if (compute.find()) {
                return "it was built for GPUs of compute capability " + compute.group(2) + ", and " + device + " has "
                        + compute.group(1) + "; build it on such a GPU";
            }
            if (line.contains("plan->header.size == blobSize")) {
                return "it is cut or was changed: its size is not the one that it was written with; copy it there"
                        + " again";
            }
            if (line.contains("plan->header.magicTag")) {
                return "it is no plan of TensorRT; put there what TensorRT's builder or trtexec --saveEngine wrote";
            }
        }
        return errors.isEmpty()
                ? "TensorRT " + version + " gave no reason"
                : "TensorRT " + version + " says: " + last();
    }

    /** The last errors in one line; empty if there are none. */
    String last() {
        int from = Math.max(0, errors.size() - SHOWN);
        return String.join(" | ", errors.subList(from, errors.size()));
    }

    boolean isEmpty() {
        return errors.isEmpty();
    }
}
