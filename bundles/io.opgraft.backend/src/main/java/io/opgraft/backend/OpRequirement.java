package io.opgraft.backend;

import org.osgi.annotation.versioning.ConsumerType;

/** An op that a model needs and the framework itself does not have. What the model expects of it stays with the backend. */
@ConsumerType
public interface OpRequirement {
    /**
     * The op's name as the model's graph has it.
     *
     * @return the name
     */
    String op();
}
