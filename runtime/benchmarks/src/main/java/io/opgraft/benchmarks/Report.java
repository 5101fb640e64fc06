package io.opgraft.benchmarks;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The results of a run: tables on the terminal and, where asked for, as files. */
final class Report {
    private final PrintStream out;
    private final String load = load();
    private final List<Part> parts = new ArrayList<>();

    Report(PrintStream out) {
        this.out = out;
    }

    /** Some rows. */
    interface Part {
        /** Lines of tables. */
        List<String> markdown();

        /** One object for each line. */
        void write(JsonGenerator json) throws IOException;
    }

    /** Shows that there is something new. */
    void progress(String line) {
        out.println(line);
    }

    void add(Part part) {
        parts.add(part);
    }

    /** Prints all tables and writes {@code bench.md} and {@code bench.json} to a folder, unless it is null. */
    void finish(BenchOptions options, Path folder) throws IOException {
        List<String> text = new ArrayList<>();
        text.add(Runtime.getRuntime().availableProcessors() + " processors, Java "
                + Runtime.version().feature() + ", " + options.pairs() + " pairs" + (options.quick() ? ", quick" : "")
                + "; congestion control " + congestionControl() + "; load average before: " + load + ", after: "
                + load());
        for (Part part : parts) {
            text.add("");
            text.addAll(part.markdown());
        }
        out.println();
        text.forEach(out::println);
        if (folder == null) {
            return;
        }
        Files.createDirectories(folder);
        Files.write(folder.resolve("bench.md"), text);
        try (JsonGenerator json =
                new JsonFactory().createGenerator(folder.resolve("bench.json").toFile(), JsonEncoding.UTF8)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeNumberField("processors", Runtime.getRuntime().availableProcessors());
            json.writeNumberField("java", Runtime.version().feature());
            json.writeNumberField("pairs", options.pairs());
            json.writeBooleanField("quick", options.quick());
            json.writeStringField("congestion_control", congestionControl());
            json.writeStringField("load_before", load);
            json.writeStringField("load_after", load());
            json.writeArrayFieldStart("rows");
            for (Part part : parts) {
                part.write(json);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    /** How the system sends over TCP: with BBR, large bodies take twice as long between processes of one machine. */
    private static String congestionControl() {
        try {
            return Files.readString(Path.of("/proc/sys/net/ipv4/tcp_congestion_control"))
                    .trim();
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** Processes that wanted a processor in the last minute, 5 and 15 minutes. */
    private static String load() {
        try {
            String[] words = Files.readString(Path.of("/proc/loadavg")).split(" ", -1);
            return words[0] + " " + words[1] + " " + words[2];
        } catch (IOException e) {
            return "unknown";
        }
    }
}
