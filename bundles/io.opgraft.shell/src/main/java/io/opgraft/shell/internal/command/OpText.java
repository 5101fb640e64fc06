package io.opgraft.shell.internal.command;

import io.opgraft.ops.LibraryFacts;
import io.opgraft.ops.LibraryReport;
import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpProvider.State;
import io.opgraft.probe.Finding;
import io.opgraft.probe.ProbeReport;
import io.opgraft.probe.ProbedKernel;
import io.opgraft.probe.ProbedOp;
import io.opgraft.probe.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;

/** Judgements of op libraries as text. */
final class OpText {
    private static final String INDENT = "\n  ";
    private static final int OUTPUT_LIMIT = 500;

    private OpText() {}

    /** In one word or a few; empty where nothing was judged. */
    static String verdict(OpProvider provider) {
        return switch (provider.state()) {
            case ACTIVE, FORMER -> provider.report().verdict().toString();
            case REFUSED -> Verdict.REFUSED.toString();
            case CHECKING, STOPPED -> "";
        };
    }

    /** All that is known of a library, in several lines. */
    static String judgement(OpProvider provider) {
        StringBuilder text = new StringBuilder(heading(provider));
        if (provider.state() == State.CHECKING || provider.state() == State.STOPPED) {
            return text.append(INDENT).append(clean(provider.reason())).toString();
        }
        LibraryReport report = provider.report();
        for (Finding finding : report.findings()) {
            text.append(INDENT)
                    .append(finding.verdict())
                    .append(", ")
                    .append(finding.topic())
                    .append(": ")
                    .append(clean(finding.toString()));
        }
        if (report.findings().isEmpty() && !provider.reason().isEmpty()) {
            text.append(INDENT).append(clean(provider.reason()));
        }
        ProbeReport probe = report.probe();
        if (probe != null) {
            probe.ops().forEach(op -> text.append(INDENT).append(op(op)));
            text.append(INDENT)
                    .append("loaded on trial in ")
                    .append(probe.millis())
                    .append(" ms");
            if (!probe.output().isBlank()) {
                String output = clean(probe.output());
                text.append(INDENT)
                        .append("it printed: ")
                        .append(output.length() > OUTPUT_LIMIT ? output.substring(0, OUTPUT_LIMIT) + "..." : output);
            }
        } else if (report.verdict() != Verdict.REFUSED) {
            text.append(INDENT).append("not loaded on trial: its framework is not there");
        }
        facts(report.facts(), text);
        return text.toString();
    }

    private static String heading(OpProvider provider) {
        String name = provider.bundle().isEmpty() ? provider.framework() : provider.label();
        String library =
                provider.library() == null ? "" : " " + provider.library().getFileName();
        String id = provider.bundleId() < 0 ? "" : " (bundle " + provider.bundleId() + ")";
        String verdict = verdict(provider);
        return clean(name + library + id + ": "
                + (verdict.isEmpty() ? provider.state().toString().toLowerCase(Locale.ROOT) : verdict));
    }

    /** Name, signature and kernels. */
    static String op(ProbedOp op) {
        List<String> kernels = new ArrayList<>();
        for (ProbedKernel kernel : op.kernels()) {
            StringBuilder text = new StringBuilder(kernel.device());
            new TreeMap<>(kernel.constraints())
                    .forEach((name, types) ->
                            text.append(' ').append(name).append('=').append(types));
            kernels.add(text.toString());
        }
        return clean(op + "; " + (kernels.isEmpty() ? "no kernel" : String.join("; ", new TreeSet<>(kernels))));
    }

    private static void facts(LibraryFacts facts, StringBuilder text) {
        if (facts.equals(LibraryFacts.NONE)) {
            return;
        }
        List<String> parts = new ArrayList<>();
        for (String part : List.of(facts.machine(), facts.compiler(), facts.runtime())) {
            if (!part.isEmpty()) {
                parts.add(part);
            }
        }
        text.append(INDENT)
                .append("built for ")
                .append(clean(String.join(", ", parts)))
                .append("; ")
                .append((facts.bytes() + 1023) / 1024)
                .append(" KiB");
        if (!facts.needed().isEmpty()) {
            text.append(INDENT).append("needs ").append(clean(String.join(", ", facts.needed())));
        }
    }

    /** Words of a library must not steer the terminal. */
    static String clean(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }
}
