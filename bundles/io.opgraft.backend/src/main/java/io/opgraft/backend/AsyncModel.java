package io.opgraft.backend;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A model whose runs wait for something else, such as other models. It needs no thread while it waits, and limits no
 * runs itself.
 */
@ConsumerType
public interface AsyncModel extends LoadedModel {
    /** Takes the end of a run. Exactly one method is called, once, by any thread, perhaps before the run returns. */
    interface Completion {
        /**
         * The run succeeded.
         *
         * @param outputs in the order asked for, closed by the receiver
         */
        void completed(Outputs outputs);

        /**
         * The run succeeded, and it is known what others did for it.
         *
         * @param outputs in the order asked for, closed by the receiver
         * @param inputNanos time in which these put inputs together, added up
         * @param inferNanos time of their runs, added up; what ran side by side counts twice
         */
        default void completed(Outputs outputs, long inputNanos, long inferNanos) {
            completed(outputs);
        }

        /**
         * The run failed.
         *
         * @param cause why
         */
        void failed(InferenceException cause);
    }

    /**
     * What the request said of itself; for the requests that the run makes in its turn.
     *
     * @param priority 0 for the default
     * @param timeoutMicros longest time to wait in microseconds, 0 for the default
     * @param id names it in the log; empty if it has no name
     */
    record Terms(long priority, long timeoutMicros, String id) {
        /** Nothing said. */
        public static final Terms NONE = new Terms(0, 0, "");
    }

    /** A run under way. */
    interface Run {
        /**
         * Nobody waits for it any more: it should fail as soon as it can. May be called by any thread, several times, and
         * after the end.
         */
        void cancel();
    }

    /**
     * Starts a run and returns as soon as it has to wait.
     *
     * @param inputs by input name; stay owned by the caller, who keeps them open until the end of the run
     * @param outputs names of the outputs to return, at least one
     * @param terms of the request
     * @param completion takes the end
     * @return the run; it may be over
     */
    default Run start(Map<String, Tensor> inputs, List<String> outputs, Terms terms, Completion completion) {
        run(inputs, outputs, completion);
        return () -> {};
    }

    /**
     * Starts a run of a request that said nothing of itself.
     *
     * @param inputs by input name; stay owned by the caller, who keeps them open until the end of the run
     * @param outputs names of the outputs to return, at least one
     * @param completion takes the end
     */
    void run(Map<String, Tensor> inputs, List<String> outputs, Completion completion);
}
