package io.opgraft.ops.internal;

import io.opgraft.op.OpLibrary;
import io.opgraft.ops.LibraryReport;
import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpProvider.State;
import io.opgraft.probe.Finding;
import io.opgraft.probe.ProbedOp;
import io.opgraft.probe.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One op library on its way into the index. Guarded by the lock of its owner. */
final class Offer {
    private static final Logger LOG = LoggerFactory.getLogger(Offer.class);

    private final Candidate candidate;
    private final StoredFolder folder;
    private final Unit unit;
    private final Set<String> ofOthers;
    private final boolean logged;
    private Judgement judgement;
    private OpProvider provider;
    private Function<List<String>, OpLibrary> service;
    private Object claim;
    private ServiceRegistration<OpLibrary> registration;

    private Offer(Candidate candidate, StoredFolder folder, Unit unit, Set<String> ofOthers, boolean logged) {
        this.candidate = candidate;
        this.folder = folder;
        this.unit = unit;
        this.ofOthers = ofOthers;
        this.logged = logged;
    }

    /** Nothing more will be found out about it. */
    static Offer settled(OpProvider provider) {
        Offer offer = new Offer(null, null, null, Set.of(), false);
        offer.provider = provider;
        return offer;
    }

    static Offer refused(Candidate candidate, String topic, String reason, boolean logged) {
        Finding finding = RefusedException.finding(topic, reason);
        LibraryReport report =
                new LibraryReport(Verdict.REFUSED, List.of(finding), null, "", LibraryReport.NONE.facts());
        if (logged) {
            LOG.warn("Ops {} of {} are refused: {}", candidate.ops(), candidate, reason);
        }
        return settled(candidate.refused(reason, report));
    }

    /**
     * A library that its framework may judge.
     *
     * @param ofOthers ops that other libraries of the same unit declare
     * @param logged whether changes of its state go to the log
     */
    static Offer of(Candidate candidate, StoredFolder folder, Unit unit, Set<String> ofOthers, boolean logged) {
        Finding refusal = unit.refusal();
        if (refusal == null) {
            return new Offer(candidate, folder, unit, ofOthers, logged);
        }
        if (logged) {
            LOG.warn("Ops {} of {} are refused: {}", candidate.ops(), candidate, refusal);
        }
        return settled(candidate.refused(refusal.toString(), folder.report(unit, unit.findings(), null)));
    }

    OpProvider provider() {
        return provider;
    }

    boolean pending() {
        return provider.state() == State.CHECKING;
    }

    boolean active() {
        return provider.state() == State.ACTIVE;
    }

    /** Makes it a service while it is active. */
    void serveAs(Function<List<String>, OpLibrary> made) {
        service = made;
    }

    /** Gives the caller the task to register its service; null if there is nothing to do. */
    Object claim() {
        if (service == null || claim != null || !active()) {
            return null;
        }
        claim = new Object();
        return claim;
    }

    OpLibrary service(OpProvider of) {
        return service.apply(of.ops());
    }

    /** Takes the registration over, unless the service was given up meanwhile. */
    boolean registered(Object claimed, ServiceRegistration<OpLibrary> made) {
        if (claim != claimed) {
            return false;
        }
        registration = made;
        return true;
    }

    /** Gives the service up; null if it has none. */
    ServiceRegistration<OpLibrary> release() {
        ServiceRegistration<OpLibrary> had = registration;
        registration = null;
        claim = null;
        return had;
    }

    /** Brings the provider up to what its framework says now. */
    void ask(Trials trials, boolean again, Runnable whenDone) {
        if (unit == null) {
            return;
        }
        Trials.Answer answer = trials.ask(candidate.framework(), unit.digest(), folder.files(unit), again, whenDone);
        OpProvider before = provider;
        if (answer.pending()) {
            provider = candidate.checking(folder.report(unit, unit.findings(), null));
        } else {
            // A framework that is gone does not take back what it said.
            judgement = answer.judgement() == null ? judgement : answer.judgement();
            provider = judged();
        }
        log(before);
    }

    private void log(OpProvider before) {
        if (!logged || (before != null && before.state() == provider.state())) {
            return;
        }
        if (provider.state() == State.ACTIVE) {
            LOG.info("Ops {} of {} from {}", provider.ops(), candidate.framework(), candidate);
        } else if (provider.state() == State.REFUSED) {
            LOG.warn("Ops {} of {} are refused: {}", provider.ops(), candidate, provider.reason());
        }
    }

    private OpProvider judged() {
        List<Finding> findings = new ArrayList<>(unit.findings());
        if (judgement != null) {
            findings.addAll(judgement.findings());
            findings.sort(Unit.WORST_FIRST);
        }
        LibraryReport report = folder.report(unit, findings, judgement == null ? null : judgement.probe());
        if (report.verdict() == Verdict.REFUSED) {
            return candidate.refused(findings.get(0).toString(), report);
        }
        if (report.probe() == null) {
            return candidate.ops().isEmpty() && !candidate.bundle().isEmpty()
                    ? candidate.refused(
                            "its capability names no ops, and " + candidate.framework()
                                    + " is not there to find them; start its backend, or add ops:List<String> to the"
                                    + " capability",
                            report)
                    : candidate.active(candidate.ops(), unit.digest(), folder.files(unit), report);
        }
        List<String> registered =
                report.probe().ops().stream().map(ProbedOp::name).toList();
        if (registered.isEmpty()) {
            return mismatch("it registers no op", report);
        }
        Set<String> unknown = new HashSet<>(candidate.ops());
        registered.forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            return mismatch(
                    "its capability declares "
                            + String.join(", ", unknown.stream().sorted().toList())
                            + ", but the library registers only " + String.join(", ", registered)
                            + "; correct the capability",
                    report);
        }
        List<String> ops = candidate.ops().isEmpty()
                ? registered.stream().filter(op -> !ofOthers.contains(op)).toList()
                : candidate.ops();
        return candidate.active(ops, unit.digest(), folder.files(unit), report);
    }

    private OpProvider mismatch(String reason, LibraryReport report) {
        List<Finding> findings = new ArrayList<>(List.of(RefusedException.finding("ops", reason)));
        findings.addAll(report.findings());
        return candidate.refused(
                reason,
                new LibraryReport(Verdict.REFUSED, findings, report.probe(), report.loadedDigest(), report.facts()));
    }
}
