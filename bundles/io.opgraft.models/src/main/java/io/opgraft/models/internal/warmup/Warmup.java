package io.opgraft.models.internal.warmup;

import io.opgraft.backend.LoadedModel;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelWarmup;
import io.opgraft.models.internal.repository.Repository;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs what the field {@code model_warmup} asks for and the requests of the folders {@code warmup} in a version folder and in the model's folder against a new instance,
 * and compares the answers. {@code NAME.json} is a request, {@code NAME.expected.json} the answer to it; other files are
 * not looked at.
 */
public final class Warmup {
    private static final String FOLDER = "warmup";
    private static final String REQUEST = ".json";
    private static final String EXPECTED = ".expected.json";

    private final long limitMillis;

    /**
     * Makes the warm-up.
     *
     * @param limitMillis how long all requests of one model version may take together
     */
    public Warmup(long limitMillis) {
        this.limitMillis = limitMillis;
    }

    /**
     * Runs all requests. If this fails the model is closed: at once, or when a run that takes too long ends.
     *
     * @param model the new instance
     * @param metadata what it is
     * @param versionDirectory its version folder
     * @param configured what the configuration asks for
     * @throws WarmupException if a file is malformed, a request fails, an answer is wrong, or it takes too long
     */
    public void check(LoadedModel model, ModelMetadata metadata, Path versionDirectory, List<ModelWarmup> configured)
            throws WarmupException {
        List<Sample> requests = new ArrayList<>();
        try {
            for (ModelWarmup sample : configured) {
                // As in Triton, a sample without a batch size is none.
                if (sample.getBatchSize() != 0) {
                    requests.add(new ConfiguredSample(sample, versionDirectory.resolveSibling(FOLDER)));
                }
            }
            requests.addAll(requests(versionDirectory.resolve(FOLDER)));
            requests.addAll(requests(versionDirectory.resolveSibling(FOLDER)));
        } catch (WarmupException | RuntimeException e) {
            model.close();
            throw e;
        }
        if (requests.isEmpty()) {
            return;
        }
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Void> done = start(requests, model, metadata, enough);
        try {
            await(done, versionDirectory);
        } catch (WarmupException e) {
            enough.set(true);
            // A run under way must not lose its model.
            Future<?> unused = done.whenComplete((nothing, error) -> model.close());
            throw e;
        }
    }

    private static List<Sample> requests(Path folder) throws WarmupException {
        NavigableSet<Path> files = new TreeSet<>();
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*" + REQUEST)) {
            entries.forEach(files::add);
        } catch (IOException | DirectoryIteratorException e) {
            String why = e instanceof IOException io ? Repository.reason(io) : String.valueOf(e.getMessage());
            throw new WarmupException(folder.toString(), "Warm-up folder " + folder + " cannot be read: " + why + ".");
        }
        List<Sample> requests = new ArrayList<>();
        for (Path file : files) {
            String name = String.valueOf(file.getFileName());
            if (!name.endsWith(EXPECTED)) {
                String stem = name.substring(0, name.length() - REQUEST.length());
                requests.add(new WarmupRequest(file, file.resolveSibling(stem + EXPECTED)));
                continue;
            }
            String stem = name.substring(0, name.length() - EXPECTED.length());
            if (!files.contains(file.resolveSibling(stem + REQUEST))) {
                throw new WarmupException(
                        file.toString(), "Warm-up file " + file + " has no request " + stem + REQUEST + " beside it.");
            }
        }
        return requests;
    }

    private static CompletableFuture<Void> start(
            List<Sample> requests, LoadedModel model, ModelMetadata metadata, AtomicBoolean enough) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        for (Sample request : requests) {
                            if (!enough.get()) {
                                request.run(model, metadata);
                            }
                        }
                        done.complete(null);
                    } catch (WarmupException | RuntimeException | Error e) {
                        done.completeExceptionally(e);
                    }
                },
                "opgraft-warmup");
        thread.setDaemon(true);
        thread.start();
        return done;
    }

    private void await(CompletableFuture<Void> done, Path versionDirectory) throws WarmupException {
        boolean interrupted = false;
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
        try {
            while (true) {
                try {
                    done.get(Math.max(end - System.nanoTime(), 0), TimeUnit.NANOSECONDS);
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (TimeoutException e) {
            throw new WarmupException(
                    versionDirectory.toString(),
                    "The warm-up requests of " + versionDirectory + " are not answered within " + limitMillis + " ms.");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WarmupException wrong) {
                throw wrong;
            }
            throw new WarmupException(
                    versionDirectory.toString(),
                    "The warm-up requests of " + versionDirectory + " fail: " + e.getCause() + ".");
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
