package io.opgraft.tools.internal.lint;

import io.opgraft.ops.LibraryFacts;
import io.opgraft.probe.Finding;
import io.opgraft.probe.ProbedKernel;
import io.opgraft.probe.ProbedOp;
import io.opgraft.probe.Registration;
import io.opgraft.probe.Verdict;
import io.opgraft.tools.internal.judge.Judgement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What lint found, for people: a table, and below each row what there is to know. */
final class LintText {
    private static final Set<String> SHOWN_ELSEWHERE = Set.of("op", "kernel");

    private final String noTrial;

    /** With the reason why nothing was loaded on trial; empty if there is none. */
    LintText(String noTrial) {
        this.noTrial = noTrial;
    }

    private record Row(String name, String verdict, String ops, List<String> details) {}

    List<String> write(List<FileReport> reports) {
        List<Row> rows = new ArrayList<>();
        for (FileReport report : reports) {
            if (report.container()) {
                String name = report.label().isEmpty() ? report.file() : report.file() + " (" + report.label() + ")";
                rows.add(new Row(name, report.verdict().toString(), "", List.of()));
                report.libraries().forEach(library -> {
                    boolean whole = library.name().equals(report.file());
                    rows.add(row(whole ? "" : "  " + library.name(), library));
                });
            } else {
                rows.add(row(report.file(), report.libraries().get(0)));
            }
        }
        int name = width(rows.stream().map(Row::name).toList(), "FILE");
        int verdict = width(rows.stream().map(Row::verdict).toList(), "VERDICT");
        List<String> lines = new ArrayList<>();
        lines.add(pad("FILE", name) + pad("VERDICT", verdict) + "OPS");
        for (Row row : rows) {
            lines.add((pad(row.name(), name) + pad(row.verdict(), verdict) + row.ops()).stripTrailing());
            row.details().forEach(detail -> lines.add("    " + detail));
        }
        long refused = reports.stream()
                .filter(report -> report.verdict() == Verdict.REFUSED)
                .count();
        if (!noTrial.isEmpty()) {
            lines.add("No library was loaded on trial, because " + noTrial + ".");
        }
        lines.add(reports.size() + (reports.size() == 1 ? " file, " : " files, ") + refused + " refused");
        return lines;
    }

    private static int width(List<String> texts, String head) {
        return Math.max(
                head.length(), texts.stream().mapToInt(String::length).max().orElse(0));
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length() + 2);
    }

    private Row row(String name, Judgement library) {
        List<String> details = new ArrayList<>();
        for (Finding reason : library.reasons()) {
            String file = reason.file().isEmpty() || library.name().endsWith(reason.file()) ? "" : reason.file() + ": ";
            String verdict = reason.verdict() == Verdict.ISOLATABLE ? "" : reason.verdict() + ", ";
            details.add(verdict + reason.topic() + ": " + file + reason);
        }
        library.ops().forEach(op -> details.add("op " + op + kernels(op)));
        registrations(library).forEach((kind, names) -> details.add("registers " + kind + ": " + names));
        LibraryFacts facts = library.facts();
        if (!facts.machine().isEmpty()) {
            details.add("file: " + built(facts));
        }
        return new Row(
                name,
                library.verdict().toString(),
                library.tried() ? Integer.toString(library.ops().size()) : "-",
                details);
    }

    /** Kernels come in all combinations of types; the types of each attribute say as much in less room. */
    private static String kernels(ProbedOp op) {
        Map<String, Map<String, Set<String>>> devices = new TreeMap<>();
        for (ProbedKernel kernel : op.kernels()) {
            Map<String, Set<String>> types = devices.computeIfAbsent(kernel.device(), device -> new TreeMap<>());
            kernel.constraints().forEach((attribute, names) -> types.computeIfAbsent(attribute, name -> new TreeSet<>())
                    .addAll(names));
        }
        List<String> texts = new ArrayList<>();
        devices.forEach((device, types) -> {
            StringBuilder text = new StringBuilder(device);
            types.forEach((attribute, names) ->
                    text.append(' ').append(attribute).append('=').append(String.join("|", names)));
            texts.add(text.toString());
        });
        return texts.isEmpty() ? "; no kernel" : "; kernels: " + String.join("; ", texts);
    }

    private static Map<String, String> registrations(Judgement library) {
        Map<String, Set<String>> names = new LinkedHashMap<>();
        for (Registration registration : library.registrations()) {
            if (!SHOWN_ELSEWHERE.contains(registration.kind())) {
                String reach = registration.reach() == Registration.Reach.PROCESS ? " (for the whole process)" : "";
                names.computeIfAbsent(registration.kind() + reach, kind -> new TreeSet<>())
                        .add(registration.name());
            }
        }
        Map<String, String> joined = new LinkedHashMap<>();
        names.forEach((kind, all) -> joined.put(kind, String.join(", ", all)));
        return joined;
    }

    private static String built(LibraryFacts facts) {
        List<String> parts = new ArrayList<>(List.of(facts.machine(), facts.bytes() / 1024 + " KiB"));
        if (!facts.compiler().isEmpty()) {
            parts.add(facts.compiler());
        }
        if (!facts.runtime().isEmpty()) {
            parts.add("asks for " + facts.runtime());
        }
        return String.join("; ", parts);
    }
}
