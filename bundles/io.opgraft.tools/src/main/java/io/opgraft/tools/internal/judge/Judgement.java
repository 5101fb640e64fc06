package io.opgraft.tools.internal.judge;

import io.opgraft.ops.LibraryFacts;
import io.opgraft.ops.OpProvider;
import io.opgraft.probe.Finding;
import io.opgraft.probe.ProbeReport;
import io.opgraft.probe.ProbedOp;
import io.opgraft.probe.Registration;
import io.opgraft.probe.Registration.Reach;
import io.opgraft.probe.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * What is known of one library.
 *
 * @param name what the user knows it by
 * @param provider what the op index would make of it; null if it could not be read
 * @param reasons why the verdict is not better, worst first
 * @param verdict the worst of the reasons
 */
public record Judgement(String name, OpProvider provider, List<Finding> reasons, Verdict verdict) {
    /** Takes a copy. */
    public Judgement {
        reasons = List.copyOf(reasons);
    }

    /**
     * From the op index's own judgement.
     *
     * @param name what the user knows it by
     * @param provider the judgement
     * @return with all reasons
     */
    public static Judgement of(String name, OpProvider provider) {
        List<Finding> reasons = new ArrayList<>(provider.report().findings());
        Verdict verdict = provider.report().verdict();
        if (provider.state() == OpProvider.State.REFUSED) {
            if (reasons.stream().noneMatch(finding -> finding.verdict() == Verdict.REFUSED)) {
                reasons.add(0, new Finding(Verdict.REFUSED, "library", "", provider.reason(), ""));
            }
            verdict = Verdict.REFUSED;
        }
        ProbeReport probe = provider.report().probe();
        if (probe != null && reasons.stream().noneMatch(finding -> finding.verdict() == Verdict.ONE_VERSION_ONLY)) {
            List<Finding> shared = shared(probe);
            reasons.addAll(shared);
            verdict = shared.isEmpty() ? verdict : verdict.worst(Verdict.ONE_VERSION_ONLY);
        }
        for (Finding reason : reasons) {
            verdict = verdict.worst(reason.verdict());
        }
        return new Judgement(name, provider, reasons, verdict);
    }

    /** What the trial load shows of things that the whole process shares. */
    private static List<Finding> shared(ProbeReport probe) {
        List<Finding> found = new ArrayList<>();
        for (Registration registration : probe.registrations()) {
            if (registration.reach() == Reach.PROCESS) {
                found.add(new Finding(
                        Verdict.ONE_VERSION_ONLY,
                        "registrations",
                        "",
                        "it registers the " + registration.kind() + " " + registration.name()
                                + " for the whole process",
                        ""));
            }
        }
        if (!probe.secondLoad().isEmpty()) {
            found.add(new Finding(
                    Verdict.ONE_VERSION_ONLY,
                    "second load",
                    "",
                    "a second copy of it cannot be loaded into the same process: " + probe.secondLoad(),
                    ""));
        }
        return found;
    }

    /**
     * A file that cannot be judged.
     *
     * @param name what the user knows it by
     * @param topic what it is about
     * @param message what is the matter
     * @param remedy what to do
     * @return refused
     */
    public static Judgement refused(String name, String topic, String message, String remedy) {
        Finding finding = new Finding(Verdict.REFUSED, topic, name, message, remedy);
        return new Judgement(name, null, List.of(finding), Verdict.REFUSED);
    }

    /**
     * Whether nothing can be done with it.
     *
     * @return true for the verdict {@code refused}
     */
    public boolean refused() {
        return verdict == Verdict.REFUSED;
    }

    /**
     * Its ops.
     *
     * @return empty if there was no trial load
     */
    public List<ProbedOp> ops() {
        return tried() ? provider.report().probe().ops() : List.of();
    }

    /**
     * Everything that it registers.
     *
     * @return empty if there was no trial load
     */
    public List<Registration> registrations() {
        return tried() ? provider.report().probe().registrations() : List.of();
    }

    /**
     * Whether it was loaded on trial.
     *
     * @return false if it was refused before or there is no framework
     */
    public boolean tried() {
        return provider != null && provider.report().probe() != null;
    }

    /**
     * How it was built.
     *
     * @return {@link LibraryFacts#NONE} if nothing is known
     */
    public LibraryFacts facts() {
        return provider == null ? LibraryFacts.NONE : provider.report().facts();
    }
}
