package io.opgraft.tensorflow.internal;

import io.opgraft.probe.LibraryFiles;
import io.opgraft.probe.ProbeException;
import io.opgraft.probe.ProbeReport;
import io.opgraft.probe.ProbedKernel;
import io.opgraft.probe.ProbedOp;
import io.opgraft.probe.Registration;
import io.opgraft.probe.Registration.Reach;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.proto.KernelDef;
import org.tensorflow.proto.OpDef;

/** Makes the report of a library from what its trial left behind. */
final class TrialReport {
    private static final String PLACE = "in its initialiser";

    private final Trial trial;
    private final String prefix;
    private final List<String> lines;

    private TrialReport(Trial trial, String prefix, List<String> lines) {
        this.trial = trial;
        this.prefix = prefix;
        this.lines = lines;
    }

    /**
     * The report.
     *
     * @throws ProbeException if the library could not be loaded
     * @throws IOException if it is not the library that failed
     */
    static ProbeReport of(Trial trial, LibraryFiles files) throws ProbeException, IOException {
        if (trial.fault() != null) {
            throw new IOException("no library can be loaded on trial: " + trial.fault());
        }
        if (!trial.isReady()) {
            throw new IOException("TensorFlow cannot be loaded on trial: the process "
                    + trial.ending('F').during("while TensorFlow was loaded"));
        }
        String answer = trial.loaded();
        if (answer == null) {
            throw new ProbeException("it " + trial.ending('R').during(PLACE));
        }
        if (!answer.startsWith("+")) {
            throw new ProbeException("the dynamic loader refuses it: " + answer.substring(1));
        }
        if (!trial.isComplete()) {
            throw new ProbeException("it " + trial.ending('R').during("after it was loaded"));
        }
        List<String> lines = answer.lines().toList();
        return new TrialReport(trial, lines.get(0).substring(1), lines.subList(1, lines.size())).make(files);
    }

    private ProbeReport make(LibraryFiles files) throws ProbeException, IOException {
        List<ProbedOp> ops = ops();
        List<Registration> registrations = new ArrayList<>(RegistrationKind.parseAll(lines));
        String secondLoad = secondLoad();
        if (!secondLoad.isEmpty() && registrations.stream().noneMatch(r -> r.reach() == Reach.PROCESS)) {
            registrations.add(RegistrationKind.LIBRARY.of(stem(files)));
        }
        return new ProbeReport(ops, registrations, secondLoad, trial.output(), trial.millis());
    }

    private List<ProbedOp> ops() throws ProbeException, IOException {
        List<ProbedOp> ops = new ArrayList<>();
        List<String> escaped = new ArrayList<>();
        for (OpDef op : trial.newOps()) {
            String name = authorsName(op.getName());
            if (name != null) {
                ops.add(op(op.toBuilder().setName(name).build()));
            } else {
                escaped.add(op.getName());
            }
        }
        if (!escaped.isEmpty()) {
            throw new ProbeException("it registers ops in a way that cannot be kept apart: "
                    + String.join(", ", escaped) + " went into TensorFlow under plain names");
        }
        if (ops.isEmpty()) {
            throw new ProbeException("it registers no op");
        }
        ops.sort(Comparator.comparing(ProbedOp::name));
        return ops;
    }

    /** Null if the name is none of this library's. */
    private String authorsName(String name) {
        if (name.startsWith(prefix)) {
            return name.substring(prefix.length());
        }
        return name.startsWith("_" + prefix) ? name.substring(1 + prefix.length()) : null;
    }

    private ProbedOp op(OpDef definition) {
        List<KernelDef> kernels = new ArrayList<>();
        List<ProbedKernel> told = new ArrayList<>();
        for (KernelDef kernel : trial.kernels(definition.getName())) {
            kernels.add(kernel.toBuilder().setOp(definition.getName()).build());
            told.add(new ProbedKernel(kernel.getDeviceType(), constraints(kernel)));
        }
        return new ProbedOp(
                definition.getName(), OpSignature.of(definition), told, ProbedDefinition.encode(definition, kernels));
    }

    private static Map<String, List<String>> constraints(KernelDef kernel) {
        Map<String, List<String>> constraints = new TreeMap<>();
        for (KernelDef.AttrConstraint constraint : kernel.getConstraintList()) {
            constraints.put(
                    constraint.getName(),
                    constraint.getAllowedValues().getList().getTypeList().stream()
                            .map(Text::of)
                            .toList());
        }
        return constraints;
    }

    /** Why a second copy cannot be loaded beside the first; empty if it can. */
    private String secondLoad() {
        String twin = trial.twin();
        if (twin == null) {
            return "a second copy " + trial.ending('S').during(PLACE);
        }
        if (!twin.startsWith("+")) {
            return "the dynamic loader refuses a second copy: " + twin.substring(1);
        }
        List<String> second = twin.lines().skip(1).toList();
        return opLines(second).equals(opLines(lines)) ? "" : "a second copy registers other ops than the first";
    }

    private static List<String> opLines(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("o"))
                .distinct()
                .sorted()
                .toList();
    }

    private static String stem(LibraryFiles files) {
        String name = String.valueOf(files.library().getFileName());
        int dot = name.indexOf(".so");
        return dot > 0 ? name.substring(0, dot) : name;
    }
}
