package io.opgraft.models.internal.repository;

import io.opgraft.models.Explanation.Reason;
import java.nio.file.Path;

/**
 * Where a model lies.
 *
 * @param name model name
 * @param root real path of the repository; null if there is a problem
 * @param directory real path of the model's folder, inside the root; null if there is a problem
 * @param problem why it cannot be used, or null
 */
public record Located(String name, Path root, Path directory, Reason problem) {}
