package io.opgraft.ensemble.internal;

import io.opgraft.backend.AsyncModel;
import io.opgraft.backend.AsyncModel.Completion;
import io.opgraft.backend.AsyncModel.Terms;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Tensor;
import io.opgraft.ensemble.internal.Plan.Step;
import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.UnknownModelException;
import io.opgraft.serving.DeadlineException;
import io.opgraft.serving.InferenceRequest;
import io.opgraft.serving.OverloadException;
import io.opgraft.serving.RunHandler;
import io.opgraft.serving.RunPhases;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/**
 * One run of an ensemble. A step begins when its last tensor is made, on the thread that made it; where it has to wait for
 * a place, no thread waits with it. A step's request stays open until all that take its tensors have run.
 */
final class EnsembleRun implements AsyncModel.Run {
    private final EnsembleModel ensemble;
    private final List<String> wanted;
    private final Terms terms;
    private final Completion completion;
    private final Set<Integer> needed;
    private final Map<String, Tensor> tensors;
    private final Map<Integer, InferenceRequest> requests = new ConcurrentHashMap<>();

    /** For each step how many of the steps before it are still to come. */
    private final Map<Integer, AtomicInteger> missing = new ConcurrentHashMap<>();

    /** For each step how many still use its tensors. */
    private final Map<Integer, AtomicInteger> users = new ConcurrentHashMap<>();

    private final AtomicReference<InferenceException> failure = new AtomicReference<>();

    /** What the steps took in all, as Triton counts it for an ensemble. */
    private final LongAdder inputNanos = new LongAdder();

    private final LongAdder inferNanos = new LongAdder();

    /** Steps under way, and one for whoever starts some. */
    private final AtomicInteger underWay = new AtomicInteger(1);

    EnsembleRun(
            EnsembleModel ensemble,
            Map<String, Tensor> inputs,
            List<String> wanted,
            Terms terms,
            Completion completion) {
        this.ensemble = ensemble;
        this.wanted = wanted;
        this.terms = terms;
        this.completion = completion;
        this.tensors = new ConcurrentHashMap<>(inputs);
        this.needed = ensemble.plan().needed(wanted);
        for (int index : needed) {
            missing.put(index, new AtomicInteger(step(index).before().size()));
            users.put(index, new AtomicInteger());
        }
        for (int index : needed) {
            step(index).before().forEach(before -> users.get(before).incrementAndGet());
        }
        // What the client gets is used until the outputs are closed.
        wanted.stream()
                .map(ensemble.plan()::maker)
                .filter(maker -> maker != null)
                .forEach(maker -> users.get(maker).incrementAndGet());
    }

    private Step step(int index) {
        return ensemble.plan().steps().get(index);
    }

    void start() {
        for (int index : needed) {
            if (step(index).before().isEmpty()) {
                begin(step(index));
            }
        }
        end();
    }

    private void begin(Step step) {
        if (failure.get() != null) {
            return;
        }
        underWay.incrementAndGet();
        try {
            InferenceRequest request = ensemble.serving().open(step.model(), version(step));
            requests.put(step.index(), request);
            request.id(terms.id());
            request.schedule(terms.priority(), terms.timeoutMicros());
            for (Map.Entry<String, String> input : step.step().inputs().entrySet()) {
                Tensor tensor = tensors.get(input.getValue());
                // An optional input of the ensemble that the request left out is left out here, too.
                if (tensor != null) {
                    request.input(input.getKey(), tensor);
                }
            }
            if (failure.get() != null) {
                // Whoever ended the run may not have seen this request.
                end();
                return;
            }
            request.run(step.outputs(), new StepHandler(step));
        } catch (UnknownModelException | ModelNotReadyException e) {
            fail(step, new InferenceException(e.getMessage(), false));
            end();
        } catch (InferenceException e) {
            fail(step, e);
            end();
        } catch (RuntimeException | Error e) {
            fail(step, new InferenceException(String.valueOf(e), false));
            end();
        }
    }

    private static OptionalLong version(Step step) {
        long version = step.step().version();
        return version < 0 ? OptionalLong.empty() : OptionalLong.of(version);
    }

    /** What becomes of a step. */
    private final class StepHandler implements RunHandler {
        private final Step step;

        StepHandler(Step step) {
            this.step = step;
        }

        @Override
        public void completed(Outputs outputs) {
            try {
                // That the next steps read it is no time of this one.
                requests.get(step.index()).taken();
                RunPhases phases = requests.get(step.index()).phases();
                inputNanos.add(phases.inputNanos());
                inferNanos.add(phases.inferNanos());
                take(outputs);
            } catch (RuntimeException | Error e) {
                fail(step, new InferenceException(String.valueOf(e), false));
            }
            end();
        }

        private void take(Outputs outputs) {
            for (int i = 0; i < step.outputs().size(); i++) {
                tensors.put(
                        step.step().outputs().get(step.outputs().get(i)),
                        outputs.tensors().get(i));
            }
            step.before().forEach(EnsembleRun.this::release);
            for (int index : needed) {
                Step next = step(index);
                if (next.before().contains(step.index()) && missing.get(index).decrementAndGet() == 0) {
                    begin(next);
                }
            }
        }

        @Override
        public void failed(InferenceException cause) {
            fail(step, cause);
            end();
        }
    }

    /** One that took the tensors of a step has run. */
    private void release(int index) {
        if (users.get(index).decrementAndGet() == 0) {
            requests.get(index).close();
        }
    }

    /** The steps that wait leave their queues; those that run end first. */
    @Override
    public void cancel() {
        fail(new InferenceException("the request to ensemble '" + ensemble.name() + "' was cancelled", false));
    }

    private void fail(Step step, InferenceException cause) {
        fail(named(step, cause));
    }

    private void fail(InferenceException cause) {
        if (failure.compareAndSet(null, cause)) {
            requests.values().forEach(InferenceRequest::cancel);
        }
    }

    private InferenceException named(Step step, InferenceException cause) {
        String message =
                "step of model '" + step.model() + "' in ensemble '" + ensemble.name() + "': " + cause.getMessage();
        if (cause instanceof OverloadException overload) {
            return new OverloadException(message, overload.retryAfterSeconds());
        }
        return cause instanceof DeadlineException
                ? new DeadlineException(message)
                : new InferenceException(message, cause.clientFault());
    }

    private void end() {
        if (underWay.decrementAndGet() > 0) {
            return;
        }
        if (failure.get() != null) {
            closeAll();
            completion.failed(failure.get());
            return;
        }
        List<Tensor> results = wanted.stream().map(tensors::get).toList();
        Outputs outputs = new Outputs() {
            @Override
            public List<Tensor> tensors() {
                return results;
            }

            @Override
            public void close() {
                closeAll();
            }
        };
        completion.completed(outputs, inputNanos.sum(), inferNanos.sum());
    }

    private void closeAll() {
        requests.values().forEach(InferenceRequest::close);
    }
}
