package io.opgraft.serving.internal;

import io.opgraft.backend.AsyncModel;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.Outputs;
import io.opgraft.models.ModelMetadata;
import io.opgraft.serving.OverloadException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a model for one or more requests that have begun and hold one place together. */
final class Execution {
    private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

    private Execution() {}

    /** Runs, gives the place back and tells the requests, in this order. */
    static void run(List<LeasedRequest> members, VersionQueue queue) {
        if (members.size() == 1) {
            one(members.get(0), queue);
            return;
        }
        long begin = queue.threads().nanos();
        SharedOutputs outputs;
        long joined;
        long end;
        try (Joined inputs = Joined.of(members)) {
            joined = queue.threads().nanos();
            outputs = inputs.run();
            end = queue.threads().nanos();
        } catch (InferenceException e) {
            if (e.clientFault()) {
                // One of them may be at fault: the others must not pay for it.
                alone(members, queue);
            } else {
                allFailed(members, queue, e);
            }
            return;
        } catch (RuntimeException | Error e) {
            allFailed(members, queue, unexpected(members.get(0), e));
            return;
        }
        int size = members.stream().mapToInt(LeasedRequest::batch).sum();
        Counters.Batches counted = queue.counters().executed(size, joined - begin, end - joined);
        queue.times().note(members.stream().mapToLong(LeasedRequest::bytes).sum(), end - joined);
        queue.release();
        for (int i = 0; i < members.size(); i++) {
            members.get(i).succeeded(outputs.of(i), new Times(begin, joined - begin, end - joined, end), counted);
        }
    }

    /** When a run began, the time of its inputs and of the model itself, and when it ended. */
    record Times(long begin, long input, long infer, long end) {}

    private static void alone(List<LeasedRequest> members, VersionQueue queue) {
        for (int i = 0; i < members.size(); i++) {
            one(members.get(i), queue, i == members.size() - 1);
        }
    }

    private static void allFailed(List<LeasedRequest> members, VersionQueue queue, InferenceException cause) {
        queue.release();
        members.forEach(member -> member.failed(cause, VersionQueue.reason(cause)));
    }

    private static void one(LeasedRequest request, VersionQueue queue) {
        one(request, queue, true);
    }

    private static void one(LeasedRequest request, VersionQueue queue, boolean last) {
        long begin = queue.threads().nanos();
        LoadedModel model = request.model();
        Ending ending = new Ending(request, queue, begin, last);
        try {
            if (model instanceof AsyncModel async) {
                request.started(async.start(request.tensors(), request.wanted(), request.terms(), ending));
                return;
            }
            Outputs outputs;
            try {
                outputs = model.run(request.tensors(), request.wanted());
            } catch (InferenceException e) {
                ending.failed(e);
                return;
            }
            ending.completed(outputs);
        } catch (RuntimeException | Error e) {
            ending.failed(unexpected(request, e));
        }
    }

    /** What becomes of one run. */
    private static final class Ending implements AsyncModel.Completion {
        private final LeasedRequest request;
        private final VersionQueue queue;
        private final long begin;
        private final boolean last;
        private boolean ended;

        Ending(LeasedRequest request, VersionQueue queue, long begin, boolean last) {
            this.request = request;
            this.queue = queue;
            this.begin = begin;
            this.last = last;
        }

        /** Whether this is the first end of the run; a backend that fails after it told the end is not heard. */
        private synchronized boolean end() {
            boolean first = !ended;
            ended = true;
            if (first && last) {
                queue.release();
            }
            return first;
        }

        @Override
        public void completed(Outputs outputs) {
            long end = queue.threads().nanos();
            completed(outputs, 0, end - begin, end);
        }

        @Override
        public void completed(Outputs outputs, long inputNanos, long inferNanos) {
            completed(outputs, inputNanos, inferNanos, queue.threads().nanos());
        }

        private void completed(Outputs outputs, long inputNanos, long inferNanos, long end) {
            if (end()) {
                queue.times().note(request.bytes(), end - begin);
                Counters.Batches counted = queue.counters().executed(request.batch(), inputNanos, inferNanos);
                request.succeeded(outputs, new Times(begin, inputNanos, inferNanos, end), counted);
            }
        }

        @Override
        public void failed(InferenceException cause) {
            if (end()) {
                // What its steps say of the end that it asked for is no news.
                InferenceException told = request.isAsync() && request.isCancelled() ? request.cancellation() : cause;
                request.failed(told, VersionQueue.reason(told));
            }
        }
    }

    private static InferenceException unexpected(LeasedRequest request, Throwable cause) {
        ModelMetadata model = request.metadata();
        if (cause instanceof OutOfMemoryError) {
            request.about(LOG.atError()).log("Out of memory while running model {}", model.name());
            return new OverloadException(
                    "the server has not enough memory for model '" + model.name() + "' now; try again later", 1);
        }
        request.about(LOG.atError().setCause(cause))
                .log("Unexpected failure while running model {} version {}", model.name(), model.version());
        return new InferenceException(
                "internal error while running model '" + model.name() + "'; the server's log has the details", false);
    }
}
