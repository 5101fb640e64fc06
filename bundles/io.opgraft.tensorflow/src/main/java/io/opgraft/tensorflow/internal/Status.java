package io.opgraft.tensorflow.internal;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteStatus;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GetCode;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_Message;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewStatus;

import io.opgraft.backend.ModelLoadException;
import java.util.function.UnaryOperator;
import org.tensorflow.internal.c_api.TF_Status;

/** Where TensorFlow's functions put their outcome. For one thread at a time. */
final class Status implements AutoCloseable {
    private static final int INVALID_ARGUMENT = 3;
    private static final int OUT_OF_RANGE = 11;

    private final TF_Status handle = TF_NewStatus();

    TF_Status handle() {
        return handle;
    }

    boolean isOk() {
        return TF_GetCode(handle) == 0;
    }

    /** Whether the last outcome blames the inputs. */
    boolean blamesInputs() {
        int code = TF_GetCode(handle);
        return code == INVALID_ARGUMENT || code == OUT_OF_RANGE;
    }

    String message() {
        return TF_Message(handle).getString();
    }

    void check(String what, UnaryOperator<String> names) throws ModelLoadException {
        if (!isOk()) {
            throw new ModelLoadException(what + ": TensorFlow says: " + names.apply(message()));
        }
    }

    @Override
    public void close() {
        TF_DeleteStatus(handle);
    }
}
