package io.opgraft.ops.internal;

import io.opgraft.probe.Finding;
import io.opgraft.probe.LibraryFiles;
import io.opgraft.probe.LibraryProbe;
import io.opgraft.probe.ProbeException;
import io.opgraft.probe.ProbeReport;
import io.opgraft.probe.Registration;
import io.opgraft.probe.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets frameworks judge units, each once for its digest and environment, and remembers what they said. The trials run on
 * two threads of their own; nobody is called with a lock held.
 */
final class Trials {
    private static final Logger LOG = LoggerFactory.getLogger(Trials.class);
    private static final int THREADS = 2;

    private final CopyStore store;
    private final Judgements judgements;
    private final Frameworks frameworks = new Frameworks();
    private final ExecutorService threads;
    private final Map<Key, Trial> running = new HashMap<>();
    private final Map<Key, Judgement> results = new HashMap<>();
    private final Set<Task> open = new HashSet<>();
    private volatile boolean closed;
    private volatile Consumer<String> frameworkListener = name -> {};

    private record Key(String digest, String environment) {}

    /** Work under way, and whether more may follow from it. */
    private record Task(CompletableFuture<Void> done, boolean leadsToMore) {}

    /** A unit that is judged, and who waits for it. */
    private static final class Trial {
        final Set<Runnable> waiting = new LinkedHashSet<>();
    }

    /**
     * What is known of a unit.
     *
     * @param pending whether a trial is under way
     * @param judgement null if one is pending or no framework is there
     */
    record Answer(boolean pending, Judgement judgement) {
        static final Answer NONE = new Answer(false, null);
        static final Answer PENDING = new Answer(true, null);
    }

    Trials(CopyStore store, Judgements judgements) {
        this.store = store;
        this.judgements = judgements;
        this.threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "opgraft-probe");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Who is told, by the name of the framework, that all of its libraries should ask again. */
    void listen(Consumer<String> listener) {
        frameworkListener = listener;
    }

    void close() {
        closed = true;
        threads.shutdownNow();
        List<Task> left;
        synchronized (this) {
            running.clear();
            left = new ArrayList<>(open);
            open.clear();
        }
        left.forEach(task -> task.done().complete(null));
    }

    /**
     * A framework came. When this returns, none of its libraries counts as accepted any more. Its environment is asked for
     * on another thread, since that may take long.
     */
    Frameworks.Present add(LibraryProbe probe) {
        Frameworks.Present present = new Frameworks.Present(probe);
        frameworks.add(present);
        frameworkListener.accept(present.name());
        start(true, () -> {
            present.ask();
            frameworkListener.accept(present.name());
        });
        return present;
    }

    /** A framework goes. What it said stays. */
    void remove(Frameworks.Present present) {
        frameworks.remove(present);
        // Those that wait for its environment.
        start(true, () -> frameworkListener.accept(present.name()));
    }

    /**
     * Asks for the judgement of a unit, and starts a trial if there is none yet.
     *
     * @param again whether a failure of an earlier run of the server is to be looked at again
     * @param whenDone called once if the answer is pending, on another thread; ask again then
     */
    Answer ask(String framework, String digest, LibraryFiles files, boolean again, Runnable whenDone) {
        Frameworks.Present present = frameworks.get(framework);
        if (closed || present == null || (present.known() && !present.usable())) {
            return Answer.NONE;
        }
        if (!present.known()) {
            return Answer.PENDING;
        }
        Key key = new Key(digest, present.environment());
        synchronized (this) {
            Trial trial = running.get(key);
            if (trial != null) {
                trial.waiting.add(whenDone);
                return Answer.PENDING;
            }
            Judgement known = results.get(key);
            if (known == null) {
                known = judgements.read(digest, present.environment());
            }
            if (known != null && !(again && !known.failure().isEmpty())) {
                results.put(key, known);
                return new Answer(false, known);
            }
            results.remove(key);
            Trial started = new Trial();
            started.waiting.add(whenDone);
            running.put(key, started);
            start(false, () -> run(present, key, files, started));
            return Answer.PENDING;
        }
    }

    /** Nobody is there any more who waits for something. */
    synchronized void leave(Runnable waiter) {
        running.values().forEach(trial -> trial.waiting.remove(waiter));
    }

    /** See {@link io.opgraft.ops.OpIndex#settled}. */
    CompletionStage<Void> settled() {
        List<Task> now;
        synchronized (this) {
            now = List.copyOf(open);
        }
        CompletableFuture<Void> all =
                CompletableFuture.allOf(now.stream().map(Task::done).toArray(CompletableFuture<?>[]::new));
        return now.stream().anyMatch(Task::leadsToMore) ? all.thenCompose(nothing -> settled()) : all;
    }

    /** Begins to read ahead what frameworks said, whichever will be there. */
    void prefetch() {
        threads.execute(() -> {
            try {
                judgements.each((digest, kept) -> {
                    synchronized (this) {
                        results.putIfAbsent(new Key(digest, kept.environment()), kept.judgement());
                    }
                    return !closed;
                });
            } catch (IOException e) {
                LOG.debug("Judgements cannot be read ahead", e);
            }
        });
    }

    /** What a framework said of a unit last; null if none said anything. */
    Judgements.Kept latest(String digest) throws IOException {
        return judgements.latest(digest);
    }

    /** Forgets what is not among some digests. */
    void retain(Set<String> digests) throws IOException {
        synchronized (this) {
            results.keySet().removeIf(key -> !digests.contains(key.digest()));
        }
        judgements.retain(digests);
    }

    private void start(boolean leadsToMore, Runnable work) {
        Task task = new Task(new CompletableFuture<>(), leadsToMore);
        synchronized (this) {
            open.add(task);
        }
        Runnable guarded = () -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.error("Judging op libraries failed", e);
            } finally {
                end(task);
            }
        };
        try {
            threads.execute(guarded);
        } catch (RejectedExecutionException e) {
            // Closed meanwhile.
            end(task);
        }
    }

    private void end(Task task) {
        synchronized (this) {
            open.remove(task);
        }
        task.done().complete(null);
    }

    private void run(Frameworks.Present present, Key key, LibraryFiles files, Trial trial) {
        synchronized (this) {
            if (trial.waiting.isEmpty()) {
                running.remove(key, trial);
                return;
            }
        }
        Judgement judgement = null;
        try {
            judgement = judge(present, key.digest(), files);
        } catch (RuntimeException e) {
            LOG.error("{} failed to judge a library", present.name(), e);
            judgement = failed("it could not be tried: " + e);
        } finally {
            Set<Runnable> waiting;
            synchronized (this) {
                running.remove(key, trial);
                waiting = new LinkedHashSet<>(trial.waiting);
                // What a framework says while it goes away is not believed; who waits finds that it is gone.
                if (judgement != null && (judgement.failure().isEmpty() || frameworks.has(present))) {
                    results.put(key, judgement);
                }
            }
            waiting.forEach(Runnable::run);
        }
    }

    private Judgement judge(Frameworks.Present present, String digest, LibraryFiles files) {
        List<Finding> findings = new ArrayList<>();
        try {
            findings.addAll(present.probe().lint(files));
            if (findings.stream().anyMatch(finding -> finding.verdict() == Verdict.REFUSED)) {
                return stored(present, digest, new Judgement(findings, null, ""));
            }
            Path work = store.temporary();
            ProbeReport report;
            try {
                report = present.probe().probe(files, FolderBuilder.twin(files, digest, work));
            } finally {
                Durable.delete(work);
            }
            addProcessWide(report, findings);
            return stored(present, digest, new Judgement(findings, report, ""));
        } catch (ProbeException e) {
            findings.add(RefusedException.finding("trial load", e.getMessage()));
            Judgement failed = new Judgement(findings, null, e.getMessage());
            return frameworks.has(present) ? stored(present, digest, failed) : failed;
        } catch (IOException e) {
            return failed(
                    "it could not be tried (" + e.getMessage() + "); put that right, then stop and start the bundle");
        }
    }

    private Judgement stored(Frameworks.Present present, String digest, Judgement judgement) {
        judgements.write(digest, present.environment(), present.name(), judgement);
        return judgement;
    }

    private static Judgement failed(String reason) {
        return new Judgement(List.of(RefusedException.finding("trial load", reason)), null, reason);
    }

    /** What a second version of the library would register again. */
    private static void addProcessWide(ProbeReport report, List<Finding> findings) {
        List<String> names = report.registrations().stream()
                .filter(each -> each.reach() == Registration.Reach.PROCESS)
                .map(each -> each.kind() + " " + each.name())
                .distinct()
                .toList();
        if (!names.isEmpty()) {
            int shown = Math.min(names.size(), 5);
            findings.add(new Finding(
                    Verdict.ONE_VERSION_ONLY,
                    "process-wide registrations",
                    "",
                    "it registers for the whole process: " + String.join(", ", names.subList(0, shown))
                            + (shown < names.size() ? " and " + (names.size() - shown) + " more" : ""),
                    "only one version of it can be loaded until the server is started again"));
        } else if (!report.secondLoad().isEmpty()) {
            findings.add(new Finding(
                    Verdict.ONE_VERSION_ONLY,
                    "second load",
                    "",
                    "a second copy of it cannot be loaded: " + report.secondLoad(),
                    "only one version of it can be loaded until the server is started again"));
        }
    }
}
