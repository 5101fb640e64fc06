package io.opgraft.ensemble.internal;

import io.opgraft.backend.AsyncModel;
import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import io.opgraft.serving.Serving;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** An ensemble. It holds nothing: each run leases the models of its steps as they serve then. */
final class EnsembleModel implements AsyncModel {
    private final String name;
    private final Plan plan;
    private final Serving serving;
    private final MemoryPool memory;

    EnsembleModel(String name, Plan plan, Serving serving, MemoryPool memory) {
        this.name = name;
        this.plan = plan;
        this.serving = serving;
        this.memory = memory;
    }

    String name() {
        return name;
    }

    Plan plan() {
        return plan;
    }

    Serving serving() {
        return serving;
    }

    @Override
    public Tensor allocate(DataType datatype, Shape shape, long byteCount) throws InferenceException {
        if (byteCount < 0 || byteCount > Integer.MAX_VALUE) {
            throw new InferenceException("a tensor of " + byteCount + " bytes is more than 2 GiB", true);
        }
        return memory.tensor(datatype, shape, (int) byteCount);
    }

    /** Any tensor will do: each step copies what its model cannot read. */
    @Override
    public boolean accepts(Tensor tensor) {
        return true;
    }

    @Override
    public void run(Map<String, Tensor> inputs, List<String> outputs, Completion completion) {
        start(inputs, outputs, Terms.NONE, completion);
    }

    @Override
    public Run start(Map<String, Tensor> inputs, List<String> outputs, Terms terms, Completion completion) {
        EnsembleRun run = new EnsembleRun(this, inputs, outputs, terms, completion);
        run.start();
        return run;
    }

    @Override
    public Outputs run(Map<String, Tensor> inputs, List<String> outputs) throws InferenceException {
        CompletableFuture<Outputs> end = new CompletableFuture<>();
        run(inputs, outputs, new Completion() {
            @Override
            public void completed(Outputs result) {
                end.complete(result);
            }

            @Override
            public void failed(InferenceException cause) {
                end.completeExceptionally(cause);
            }
        });
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return end.get();
                } catch (InterruptedException e) {
                    // The steps use the inputs until they end.
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof InferenceException cause
                            ? cause
                            : new InferenceException(String.valueOf(e.getCause()), false);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        // The memory belongs to the backend, everything else to runs.
    }
}
