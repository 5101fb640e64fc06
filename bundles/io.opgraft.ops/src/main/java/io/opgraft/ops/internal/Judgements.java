package io.opgraft.ops.internal;

import io.opgraft.probe.ProbeReport;
import io.opgraft.probe.ProbedKernel;
import io.opgraft.probe.ProbedOp;
import io.opgraft.probe.Registration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The judgements of frameworks on the disk, {@code <digest>-<environment>.json}. Safe for use by many threads. */
final class Judgements {
    private static final Logger LOG = LoggerFactory.getLogger(Judgements.class);
    private static final int HEX_DIGITS = 64;
    private static final int ENVIRONMENT_DIGITS = 16;

    private final Path folder;

    Judgements(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    /** Null if there is none or it is damaged. */
    Judgement read(String digest, String environment) {
        Json.Node json = Sealed.read(file(digest, environment));
        try {
            return json == null || !json.text("environment").equals(environment) ? null : judgement(json);
        } catch (IOException | IllegalArgumentException e) {
            LOG.debug("The judgement of {} is of another form", digest, e);
            return null;
        }
    }

    void write(String digest, String environment, String framework, Judgement judgement) {
        try {
            Sealed.write(file(digest, environment), json(environment, framework, judgement), true);
        } catch (IOException e) {
            LOG.warn("The judgement of a library cannot be stored, the next start judges it again: {}", e.toString());
        }
    }

    /** A judgement with the framework that gave it. */
    record Kept(String framework, String environment, Judgement judgement) {}

    /** What was said of a unit last; null if nothing was. */
    Kept latest(String digest) throws IOException {
        Kept found = null;
        FileTime time = null;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, digest + "-*.json")) {
            for (Path file : files) {
                FileTime written = Files.getLastModifiedTime(file);
                Json.Node json = Sealed.read(file);
                if (json != null && (time == null || written.compareTo(time) > 0)) {
                    found = new Kept(json.text("framework"), json.text("environment"), judgement(json));
                    time = written;
                }
            }
        }
        return found;
    }

    /** Takes what is read; says whether it wants more. */
    interface Taker {
        boolean take(String digest, Kept kept);
    }

    /** Reads all that are whole. */
    void each(Taker taker) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.json")) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                Json.Node json = name.length() < HEX_DIGITS ? null : Sealed.read(file);
                if (json != null
                        && !taker.take(
                                name.substring(0, HEX_DIGITS),
                                new Kept(json.text("framework"), json.text("environment"), judgement(json)))) {
                    return;
                }
            }
        }
    }

    void retain(Set<String> digests) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (name.length() < HEX_DIGITS || !digests.contains(name.substring(0, HEX_DIGITS))) {
                    Files.delete(file);
                }
            }
        }
    }

    private Path file(String digest, String environment) {
        MessageDigest hash = Durable.sha256();
        hash.update(environment.getBytes(StandardCharsets.UTF_8));
        return folder.resolve(digest + "-" + Durable.hex(hash).substring(0, ENVIRONMENT_DIGITS) + ".json");
    }

    private static Map<String, Object> json(String environment, String framework, Judgement judgement) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("environment", environment);
        json.put("framework", framework);
        json.put("failure", judgement.failure());
        json.put("findings", FolderRecord.findings(judgement.findings()));
        ProbeReport probe = judgement.probe();
        if (probe != null) {
            List<Object> ops = new ArrayList<>();
            for (ProbedOp op : probe.ops()) {
                List<Object> kernels = new ArrayList<>();
                op.kernels()
                        .forEach(kernel -> kernels.add(Map.of(
                                "device", kernel.device(),
                                "constraints", kernel.constraints())));
                ops.add(Map.of(
                        "name", op.name(),
                        "signature", op.signature(),
                        "kernels", kernels,
                        "definition", Base64.getEncoder().encodeToString(op.definition())));
            }
            List<Object> registrations = new ArrayList<>();
            probe.registrations()
                    .forEach(each -> registrations.add(
                            List.of(each.kind(), each.name(), each.reach().name())));
            json.put(
                    "probe",
                    Map.of(
                            "ops", ops,
                            "registrations", registrations,
                            "secondLoad", probe.secondLoad(),
                            "output", probe.output(),
                            "millis", probe.millis()));
        }
        return json;
    }

    private static Judgement judgement(Json.Node json) throws IOException {
        ProbeReport report = null;
        if (json.value() instanceof Map<?, ?> map && map.containsKey("probe")) {
            Json.Node probe = json.get("probe");
            List<ProbedOp> ops = new ArrayList<>();
            for (Json.Node op : probe.list("ops")) {
                ops.add(new ProbedOp(
                        op.text("name"),
                        op.text("signature"),
                        kernels(op),
                        Base64.getDecoder().decode(op.text("definition"))));
            }
            List<Registration> registrations = new ArrayList<>();
            for (Json.Node each : probe.list("registrations")) {
                List<?> parts = (List<?>) each.value();
                registrations.add(new Registration(
                        parts.get(0).toString(),
                        parts.get(1).toString(),
                        Registration.Reach.valueOf(parts.get(2).toString())));
            }
            report = new ProbeReport(
                    ops, registrations, probe.text("secondLoad"), probe.text("output"), probe.number("millis"));
        }
        return new Judgement(FolderRecord.findings(json.list("findings")), report, json.text("failure"));
    }

    private static List<ProbedKernel> kernels(Json.Node op) throws IOException {
        List<ProbedKernel> kernels = new ArrayList<>();
        for (Json.Node kernel : op.list("kernels")) {
            Map<String, List<String>> constraints = new TreeMap<>();
            for (String name : kernel.map("constraints").keySet()) {
                constraints.put(name, kernel.get("constraints").texts(name));
            }
            kernels.add(new ProbedKernel(kernel.text("device"), constraints));
        }
        return kernels;
    }
}
