package io.opgraft.models.internal.warmup;

import io.opgraft.backend.LoadedModel;
import io.opgraft.models.ModelMetadata;

/** Something to run on a new instance before it takes over. */
interface Sample {
    /** Runs it. */
    void run(LoadedModel model, ModelMetadata metadata) throws WarmupException;
}
