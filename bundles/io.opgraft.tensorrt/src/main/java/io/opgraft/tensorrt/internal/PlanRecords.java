package io.opgraft.tensorrt.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Signature;
import io.opgraft.backend.TensorSpec;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was learned of plans, by digest, kept on the disk. Safe for use by many threads. */
final class PlanRecords {
    private static final Logger LOG = LoggerFactory.getLogger(PlanRecords.class);

    private final Path folder;
    private final Map<String, PlanRecord> known = new ConcurrentHashMap<>();

    PlanRecords(Path folder) {
        this.folder = folder;
    }

    PlanRecord get(String digest) {
        return known.computeIfAbsent(digest, this::read);
    }

    void put(String digest, PlanRecord plan) {
        known.put(digest, plan);
        Properties lines = new Properties();
        int number = 0;
        for (String op : plan.ops()) {
            lines.setProperty("op." + number++, op);
        }
        if (plan.signature() != null) {
            write(lines, "input.", plan.signature().inputs());
            write(lines, "output.", plan.signature().outputs());
        }
        try {
            Files.createDirectories(folder);
            StringWriter text = new StringWriter();
            lines.store(text, null);
            Path part = Files.writeString(folder.resolve(digest + ".part"), text.toString());
            Files.move(part, file(digest), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn("What is known of a plan cannot be kept, the next start asks again: {}", e.toString());
        }
    }

    private Path file(String digest) {
        return folder.resolve(digest + ".properties");
    }

    private static void write(Properties lines, String prefix, List<TensorSpec> tensors) {
        for (int i = 0; i < tensors.size(); i++) {
            TensorSpec tensor = tensors.get(i);
            String dimensions = Arrays.stream(tensor.shape().toArray())
                    .mapToObj(Long::toString)
                    .collect(Collectors.joining(","));
            lines.setProperty(prefix + i, tensor.datatype() + " [" + dimensions + "] " + tensor.name());
        }
    }

    private PlanRecord read(String digest) {
        Path file = file(digest);
        if (!Files.exists(file)) {
            return PlanRecord.NOTHING;
        }
        Properties lines = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            lines.load(in);
            Set<String> ops = new HashSet<>();
            for (int i = 0; lines.containsKey("op." + i); i++) {
                ops.add(lines.getProperty("op." + i));
            }
            List<TensorSpec> outputs = read(lines, "output.");
            return new PlanRecord(ops, outputs.isEmpty() ? null : new Signature(read(lines, "input."), outputs));
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{} is damaged and read no more: {}", file, e.toString());
            return PlanRecord.NOTHING;
        }
    }

    private static List<TensorSpec> read(Properties lines, String prefix) {
        List<TensorSpec> tensors = new ArrayList<>();
        for (int i = 0; lines.containsKey(prefix + i); i++) {
            String[] parts = lines.getProperty(prefix + i).split(" ", 3);
            String inside = parts[1].substring(1, parts[1].length() - 1);
            long[] dimensions = inside.isEmpty()
                    ? new long[0]
                    : Arrays.stream(inside.split(",", -1))
                            .mapToLong(Long::parseLong)
                            .toArray();
            tensors.add(new TensorSpec(parts[2], DataType.valueOf(parts[0]), Shape.of(dimensions)));
        }
        return tensors;
    }
}
