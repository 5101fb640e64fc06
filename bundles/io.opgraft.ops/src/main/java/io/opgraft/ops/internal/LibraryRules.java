package io.opgraft.ops.internal;

import io.opgraft.elf.ElfFile;
import io.opgraft.elf.ElfMachine;
import io.opgraft.ops.LibraryFacts;
import io.opgraft.probe.Finding;
import io.opgraft.probe.Verdict;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.osgi.framework.Version;

/** What a single library says that is worth knowing. */
final class LibraryRules {
    private static final Pattern RUNTIME = Pattern.compile("(GLIBC|GLIBCXX|CXXABI|GCC)_(\\d+(?:\\.\\d+){0,2})");
    private static final Pattern GCC = Pattern.compile("GCC: \\([^)]*\\) (\\S+).*");

    private LibraryRules() {}

    static void check(String name, ElfFile elf, Platform here, List<Finding> findings) {
        if (elf.machine() != ElfMachine.code(here.arch())) {
            findings.add(new Finding(
                    Verdict.REFUSED,
                    "machine",
                    name,
                    name + " is for " + elf.machineName() + ", this machine is " + here.arch(),
                    "deliver one that is built for " + here));
        } else if (!elf.isSharedLibrary()) {
            findings.add(new Finding(
                    Verdict.REFUSED, "kind of file", name, name + " is not a shared library", "link it with -shared"));
        }
        if (elf.usesStaticTls()) {
            findings.add(new Finding(
                    Verdict.ISOLATABLE,
                    "static TLS",
                    name,
                    name + " takes static thread-local storage, of which a process has enough for about 30 loads",
                    "build it without -ftls-model=initial-exec"));
        }
        if (elf.needsExecutableStack()) {
            findings.add(new Finding(
                    Verdict.ISOLATABLE,
                    "executable stack",
                    name,
                    name + " makes the stacks of the process executable",
                    "link it with -z noexecstack"));
        }
        List<String> absolute = Stream.concat(elf.runpath().stream(), elf.rpath().stream())
                .filter(folder -> folder.startsWith("/"))
                .distinct()
                .toList();
        if (!absolute.isEmpty()) {
            findings.add(new Finding(
                    Verdict.ISOLATABLE,
                    "run path",
                    name,
                    name + " looks for libraries in " + String.join(", ", absolute)
                            + ", which may differ from machine to machine",
                    "use paths that begin with $ORIGIN"));
        }
    }

    static LibraryFacts facts(Collection<ElfFile> files, Set<String> external, long bytes) {
        Set<String> compilers = new LinkedHashSet<>();
        Map<String, Version> newest = new TreeMap<>();
        Set<String> machines = new TreeSet<>();
        for (ElfFile elf : files) {
            machines.add(elf.machineName());
            elf.compilers().forEach(compiler -> compilers.add(shortened(compiler)));
            for (String version : elf.neededVersions()) {
                Matcher match = RUNTIME.matcher(version);
                if (match.matches()) {
                    newest.merge(
                            match.group(1),
                            Version.parseVersion(match.group(2)),
                            (a, b) -> a.compareTo(b) >= 0 ? a : b);
                }
            }
        }
        Set<String> runtime = new TreeSet<>();
        newest.forEach((kind, version) -> runtime.add(kind + "_" + version.getMajor() + "." + version.getMinor()
                + (version.getMicro() == 0 ? "" : "." + version.getMicro())));
        return new LibraryFacts(
                bytes,
                String.join(", ", machines),
                String.join(", ", compilers),
                String.join(", ", runtime),
                List.copyOf(external));
    }

    private static String shortened(String compiler) {
        Matcher gcc = GCC.matcher(compiler);
        return gcc.matches() ? "GCC " + gcc.group(1) : compiler;
    }
}
