package io.opgraft.models.internal.history;

import io.opgraft.models.Wiring;
import io.opgraft.models.WiringChange;
import io.opgraft.models.WiringChange.Cause;
import io.opgraft.models.internal.repository.ModelNames;
import io.opgraft.models.internal.repository.Repository;
import io.opgraft.models.internal.state.StateFile;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wirings that served, one small file for each model. Safe for use by many threads. A file that cannot be written, or
 * is behind when the process is killed, costs entries and nothing else: the next start enters what serves then.
 */
public final class History {
    private static final Logger LOG = LoggerFactory.getLogger(History.class);

    private final Path folder;
    private final int limit;
    private final Executor writer;
    private final Map<String, List<WiringChange>> entries = new HashMap<>();

    private final Object writing = new Object();

    /** Models whose file is behind. */
    private final Set<String> unwritten = new HashSet<>();

    /**
     * Makes the history; reads nothing yet.
     *
     * @param folder where the files lie
     * @param limit how many entries to keep for each model
     * @param writer writes the files, so that a switch does not wait for the disk; one task at a time
     */
    public History(Path folder, int limit, Executor writer) {
        this.folder = folder;
        this.limit = limit;
        this.writer = writer;
    }

    /**
     * All that is remembered of a model.
     *
     * @param model its name, checked already
     * @return oldest first
     */
    public synchronized List<WiringChange> of(String model) {
        return List.copyOf(list(model));
    }

    /**
     * What is remembered of a model version.
     *
     * @param model its name
     * @param version the model's version
     * @return oldest first
     */
    public List<WiringChange> of(String model, long version) {
        return of(model).stream().filter(e -> e.version() == version).toList();
    }

    /**
     * Remembers a wiring. A restart that changes nothing replaces the restart before it.
     *
     * @param model its name
     * @param change what began to serve
     */
    public void add(String model, WiringChange change) {
        if (!remember(model, change)) {
            return;
        }
        try {
            writer.execute(() -> write(model));
        } catch (RejectedExecutionException e) {
            // The server is stopping.
            write(model);
        }
    }

    /** Whether a write must be asked for. */
    private synchronized boolean remember(String model, WiringChange change) {
        List<WiringChange> list = list(model);
        int last = lastOf(list, change.version());
        if (last >= 0
                && change.cause() == Cause.STARTED
                && list.get(last).cause() == Cause.STARTED
                && list.get(last).wiring().equals(change.wiring())) {
            list.remove(last);
        }
        list.add(change);
        while (list.size() > limit) {
            list.remove(expendable(list));
        }
        return unwritten.add(model);
    }

    private void write(String model) {
        synchronized (writing) {
            List<List<String>> rows;
            synchronized (this) {
                unwritten.remove(model);
                rows = HistoryRows.write(list(model));
            }
            write(model, rows);
        }
    }

    private void write(String model, List<List<String>> rows) {
        try {
            file(model).write(rows);
        } catch (IOException e) {
            LOG.warn("The history of model {} cannot be stored: {}", model, Repository.reason(e));
        }
    }

    /** The oldest entry whose wiring is that of the entry before it; else the oldest of all. */
    private static int expendable(List<WiringChange> list) {
        Map<Long, Wiring> before = new HashMap<>();
        for (int i = 0; i < list.size() - 1; i++) {
            WiringChange entry = list.get(i);
            if (entry.wiring().equals(before.put(entry.version(), entry.wiring()))) {
                return i;
            }
        }
        return 0;
    }

    private static int lastOf(List<WiringChange> list, long version) {
        for (int i = list.size() - 1; i >= 0; i--) {
            if (list.get(i).version() == version) {
                return i;
            }
        }
        return -1;
    }

    /**
     * The models that something is remembered of.
     *
     * @return their names
     */
    public Set<String> models() {
        Set<String> names;
        synchronized (this) {
            names = new TreeSet<>(entries.keySet());
        }
        if (!Files.isDirectory(folder)) {
            return names;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (ModelNames.isModel(name)) {
                    names.add(name);
                }
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be read: {}", folder, Repository.reason(e));
        } catch (DirectoryIteratorException e) {
            LOG.warn("{} cannot be read: {}", folder, Repository.reason(e.getCause()));
        }
        return names;
    }

    /**
     * The libraries of the last wirings of every model.
     *
     * @param wirings how many different wirings of each model version
     * @return digests
     */
    public Set<String> digests(int wirings) {
        Set<String> digests = new TreeSet<>();
        for (String model : models()) {
            Map<Long, Set<Wiring>> latest = new HashMap<>();
            List<WiringChange> list = of(model);
            for (int i = list.size() - 1; i >= 0; i--) {
                WiringChange entry = list.get(i);
                Set<Wiring> kept = latest.computeIfAbsent(entry.version(), v -> new HashSet<>());
                if (kept.size() < wirings && kept.add(entry.wiring())) {
                    entry.wiring().wires().forEach(wire -> digests.add(wire.digest()));
                }
            }
        }
        return digests;
    }

    private List<WiringChange> list(String model) {
        return entries.computeIfAbsent(model, this::read);
    }

    private StateFile file(String model) {
        return new StateFile(folder.resolve(model));
    }

    private List<WiringChange> read(String model) {
        try {
            return HistoryRows.read(file(model).read("the history of model " + model));
        } catch (RuntimeException e) {
            LOG.warn("The history of model {} cannot be understood and starts anew: {}", model, e.toString());
            return new ArrayList<>();
        }
    }
}
