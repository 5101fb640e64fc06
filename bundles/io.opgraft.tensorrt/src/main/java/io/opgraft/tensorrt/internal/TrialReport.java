package io.opgraft.tensorrt.internal;

import io.opgraft.probe.LibraryFiles;
import io.opgraft.probe.ProbeException;
import io.opgraft.probe.ProbeReport;
import io.opgraft.probe.ProbedKernel;
import io.opgraft.probe.ProbedOp;
import io.opgraft.probe.Registration;
import io.opgraft.probe.Registration.Reach;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Makes the report of a library from what its trial left behind. */
final class TrialReport {
    private static final int NAME = 0;
    private static final int VERSION = 1;
    private static final int NAMESPACE = 2;
    private static final int FIELDS = 3;
    private static final int CODE = 4;

    private final Trial trial;

    private TrialReport(Trial trial) {
        this.trial = trial;
    }

    /** The report, unless the library could not be loaded. */
    static ProbeReport of(Trial trial, LibraryFiles files) throws ProbeException {
        return new TrialReport(trial).make(files);
    }

    private ProbeReport make(LibraryFiles files) throws ProbeException {
        String refusal = refusal(trial.first());
        if (refusal != null) {
            throw new ProbeException(refusal);
        }
        if (!trial.ending().isEmpty() && trial.second().isEmpty()) {
            throw new ProbeException("it " + trial.ending());
        }
        Map<String, String[]> creators = new TreeMap<>();
        for (String[] creator : creators(trial.first())) {
            if (creators.put(name(creator), creator) != null) {
                throw new ProbeException("it has two creators for " + name(creator));
            }
        }
        List<ProbedOp> ops = new ArrayList<>();
        List<Registration> registrations = new ArrayList<>();
        creators.forEach((name, creator) -> {
            ops.add(new ProbedOp(name, creator[FIELDS], List.of(new ProbedKernel("GPU", Map.of())), new byte[0]));
            registrations.add(new Registration(PluginLibrary.KIND, name, Reach.SCOPE));
        });
        ops.sort(Comparator.comparing(ProbedOp::name));
        String secondLoad = secondLoad(creators);
        if (!secondLoad.isEmpty()) {
            registrations.add(new Registration("library", stem(files), Reach.PROCESS));
        }
        return new ProbeReport(ops, registrations, secondLoad, trial.output(), trial.millis());
    }

    /** Why the lines of one load are no success; null if they are, as far as they go. */
    private static String refusal(List<String> lines) {
        for (String text : Trial.texts(lines, 'L')) {
            if (!text.isEmpty()) {
                return "the dynamic loader refuses it: " + text;
            }
        }
        for (String text : Trial.texts(lines, 'E')) {
            return "its getCreators throws an exception: " + text;
        }
        for (String text : Trial.texts(lines, 'N')) {
            return text.startsWith("it ") ? text : "its " + text;
        }
        for (String text : Trial.texts(lines, 'K')) {
            return "it has a creator of a kind that this backend does not know: " + text;
        }
        return null;
    }

    private static List<String[]> creators(List<String> lines) {
        return Trial.texts(lines, 'C').stream()
                .map(text -> text.split("\t", -1))
                .filter(parts -> parts.length > CODE)
                .toList();
    }

    private static String name(String[] creator) {
        return OpName.of(creator[NAME], creator[VERSION], creator[NAMESPACE]);
    }

    /** Why a second copy cannot be beside the first; empty if it can. */
    private String secondLoad(Map<String, String[]> first) {
        if (!trial.ending().isEmpty()) {
            return "a second copy " + trial.ending();
        }
        String refusal = refusal(trial.second());
        if (refusal != null) {
            return "of a second copy is told that " + refusal;
        }
        Set<String> code = new HashSet<>();
        first.values().forEach(creator -> code.add(creator[CODE]));
        Set<String> names = new HashSet<>();
        for (String[] creator : creators(trial.second())) {
            names.add(name(creator));
            if (code.contains(creator[CODE])) {
                return "a second copy answers with the first one's code for " + name(creator);
            }
        }
        return names.equals(first.keySet()) ? "" : "a second copy has other creators than the first";
    }

    private static String stem(LibraryFiles files) {
        String name = String.valueOf(files.library().getFileName());
        int dot = name.indexOf(".so");
        return dot > 0 ? name.substring(0, dot) : name;
    }
}
