package io.opgraft.tensorrt.internal;

import io.opgraft.backend.OpRequirement;

/**
 * A plugin that a plan needs. What the plan expects of it only the plugin knows.
 *
 * @param op see {@link OpName}
 */
record PlanRequirement(String op) implements OpRequirement {}
