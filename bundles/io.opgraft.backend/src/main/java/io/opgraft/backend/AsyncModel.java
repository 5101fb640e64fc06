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
         * The run failed.
         *
         * @param cause why
         */
        void failed(InferenceException cause);
    }

    /**
     * Starts a run and returns as soon as it has to wait.
     *
     * @param inputs by input name; stay owned by the caller, who keeps them open until the end of the run
     * @param outputs names of the outputs to return, at least one
     * @param completion takes the end
     */
    void run(Map<String, Tensor> inputs, List<String> outputs, Completion completion);
}
