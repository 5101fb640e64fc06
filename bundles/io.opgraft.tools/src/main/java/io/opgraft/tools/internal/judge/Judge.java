package io.opgraft.tools.internal.judge;

import io.opgraft.ops.OpInspector;
import io.opgraft.tools.internal.files.FrameworkLibraries;
import io.opgraft.tools.internal.files.WorkFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Has plain libraries judged, each with the helpers that lie near it. */
public final class Judge {
    private static final int MOST_THREADS = 4;

    private final OpInspector inspector;
    private final String framework;
    private final PrintStream progress;
    private final Path temporary;

    /**
     * Makes a judge.
     *
     * @param inspector does the work
     * @param framework framework that is to load the libraries
     * @param progress told of each of several libraries
     * @param temporary folder for temporary files
     */
    public Judge(OpInspector inspector, String framework, PrintStream progress, Path temporary) {
        this.inspector = inspector;
        this.framework = framework;
        this.progress = progress;
        this.temporary = temporary;
    }

    /**
     * A library to judge.
     *
     * @param name what the user knows it by
     * @param file the file
     */
    public record Named(String name, Path file) {}

    /**
     * Judges libraries, some at the same time.
     *
     * @param libraries what to judge
     * @return in the same order; never fails for a single one
     */
    public List<Judgement> all(List<Named> libraries) throws InterruptedException {
        int threads = Math.max(1, Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()));
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Judgement>> futures = new ArrayList<>();
            for (Named library : libraries) {
                int number = futures.size() + 1;
                futures.add(pool.submit(() -> {
                    if (libraries.size() > 1) {
                        progress.println(number + " of " + libraries.size() + ": " + library.name());
                    }
                    return one(library);
                }));
            }
            List<Judgement> judgements = new ArrayList<>();
            for (Future<Judgement> future : futures) {
                judgements.add(future.get());
            }
            return judgements;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    /**
     * Judges one library.
     *
     * @param library what to judge
     * @return the judgement; refused if the file cannot be read
     */
    public Judgement one(Named library) {
        Path file = library.file();
        if (!Files.exists(file)) {
            return Judgement.refused(library.name(), "file", "it does not exist", "check the path");
        }
        if (!Files.isRegularFile(file)) {
            return Judgement.refused(library.name(), "file", "it is not an ordinary file", "name the library itself");
        }
        if (!Files.isReadable(file)) {
            return Judgement.refused(library.name(), "file", "it cannot be read", "change its permissions");
        }
        try (WorkFolder work = new WorkFolder(temporary)) {
            Path folder = work.next();
            Path copy = FrameworkLibraries.familyOf(file).copyTo(folder);
            return Judgement.of(library.name(), inspector.inspectLibrary(framework, folder, copy));
        } catch (IOException e) {
            return Judgement.refused(library.name(), "file", "it cannot be judged: " + text(e), "");
        }
    }

    /**
     * One line for an exception.
     *
     * @param e what happened
     * @return its message, with the class where that says more
     */
    public static String text(IOException e) {
        String message = e.getMessage();
        return message == null || message.indexOf(' ') < 0 ? e.getClass().getSimpleName() + " " + message : message;
    }
}
