package io.opgraft.models.internal.config;

import io.opgraft.backend.ModelSource;
import io.opgraft.models.ModelMetadata;

/**
 * A configuration with everything that it left open filled in from the model.
 *
 * @param source what the backend is told when it loads the model
 * @param metadata what clients see
 */
public record EffectiveConfig(ModelSource source, ModelMetadata metadata) {}
