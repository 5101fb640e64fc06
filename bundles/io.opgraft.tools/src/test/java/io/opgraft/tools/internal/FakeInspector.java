package io.opgraft.tools.internal;

import io.opgraft.ops.LibraryFacts;
import io.opgraft.ops.LibraryReport;
import io.opgraft.ops.OpInspector;
import io.opgraft.ops.OpOrigin;
import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpProvider.State;
import io.opgraft.probe.Finding;
import io.opgraft.probe.ProbeReport;
import io.opgraft.probe.ProbedKernel;
import io.opgraft.probe.ProbedOp;
import io.opgraft.probe.Registration;
import io.opgraft.probe.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.osgi.framework.Version;

/** Judges by file name alone: what a library registers is set by the test, also through helpers beside it. */
public final class FakeInspector implements OpInspector {
    private final Map<String, List<String>> ops = new HashMap<>();
    private final Map<String, String> refused = new HashMap<>();
    private final Map<String, Registration> shared = new HashMap<>();

    /** File names that lay in the folder of each library. */
    public final Map<String, TreeSet<String>> seen = new ConcurrentHashMap<>();

    /** Whether there is a framework to load anything. */
    public boolean trial = true;

    /** Sets the ops of a library. */
    public FakeInspector ops(String library, String... names) {
        ops.put(library, List.of(names));
        return this;
    }

    /** Has a library refused. */
    public FakeInspector refuse(String library, String reason) {
        refused.put(library, reason);
        return this;
    }

    /** Has a library register something for the whole process. */
    public FakeInspector share(String library, String kind, String name) {
        shared.put(library, new Registration(kind, name, Registration.Reach.PROCESS));
        return this;
    }

    @Override
    public List<OpProvider> inspectBundle(Path bundle) throws IOException {
        throw new IOException(bundle.getFileName() + " is no op bundle");
    }

    @Override
    public OpProvider inspectLibrary(String framework, Path folder, Path library) throws IOException {
        TreeSet<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile).forEach(file -> names.add(name(file)));
        }
        seen.put(name(library), names);
        if (refused.containsKey(name(library))) {
            return provider(framework, State.REFUSED, refused.get(name(library)), LibraryReport.NONE);
        }
        Map<String, ProbedOp> registered = new TreeMap<>();
        List<Registration> registrations = new ArrayList<>();
        for (String name : names) {
            for (String op : ops.getOrDefault(name, List.of())) {
                ProbedKernel kernel = new ProbedKernel("CPU", Map.of("T", List.of("float")));
                registered.put(op, new ProbedOp(op, "(x: T) -> (y: T)", List.of(kernel), new byte[0]));
                registrations.add(new Registration("op", op, Registration.Reach.SCOPE));
            }
            if (shared.containsKey(name)) {
                registrations.add(shared.get(name));
            }
        }
        ProbeReport probe =
                trial ? new ProbeReport(List.copyOf(registered.values()), registrations, "", "hello", 5) : null;
        List<Finding> findings =
                List.of(new Finding(Verdict.ISOLATABLE_AFTER_REPAIR, "unique symbols", name(library), "it has 2", ""));
        LibraryFacts facts = new LibraryFacts(2048, "x86_64", "GCC 1", "GLIBC_2.2", List.of("libc.so.6"));
        return provider(
                framework,
                State.ACTIVE,
                "",
                new LibraryReport(Verdict.ISOLATABLE_AFTER_REPAIR, findings, probe, "ab", facts));
    }

    private static OpProvider provider(String framework, State state, String reason, LibraryReport report) {
        List<String> names = report.probe() == null
                ? List.of()
                : report.probe().ops().stream().map(ProbedOp::name).toList();
        return new OpProvider(
                framework, names, "", Version.emptyVersion, -1, state, reason, "cd", null, report, OpOrigin.NONE);
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
