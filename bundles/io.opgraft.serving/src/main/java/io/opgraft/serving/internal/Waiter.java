package io.opgraft.serving.internal;

import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Outputs;
import io.opgraft.serving.RunHandler;
import java.util.concurrent.CountDownLatch;

/** Lets a thread wait for an answer. */
final class Waiter implements RunHandler {
    private final CountDownLatch told = new CountDownLatch(1);
    private volatile Outputs outputs;
    private volatile InferenceException failure;

    @Override
    public void completed(Outputs result) {
        outputs = result;
        told.countDown();
    }

    @Override
    public void failed(InferenceException cause) {
        failure = cause;
        told.countDown();
    }

    /** Waits, also when interrupted: the model uses the inputs until then. */
    Outputs await() throws InferenceException {
        boolean interrupted = false;
        while (true) {
            try {
                told.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw failure;
        }
        return outputs;
    }
}
