package io.opgraft.models.internal.lifecycle;

import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.Explanation.Reason;
import io.opgraft.models.internal.repository.Located;
import io.opgraft.models.internal.repository.ModelFiles;
import io.opgraft.models.internal.repository.Repository;
import java.io.IOException;

/**
 * What the repository held of a model at one moment.
 *
 * @param files its files; null if it is absent or cannot be used
 * @param problem why it cannot be used, or null
 */
record Observation(ModelFiles files, Reason problem) {
    /** No repository holds it. */
    static final Observation ABSENT = new Observation(null, null);

    boolean isAbsent() {
        return files == null && problem == null;
    }

    /** Looks at a model now. */
    static Observation of(Repository repository, Located located) {
        if (located == null) {
            return ABSENT;
        }
        if (located.problem() != null) {
            return new Observation(null, located.problem());
        }
        try {
            return new Observation(repository.files(located), null);
        } catch (IOException e) {
            return new Observation(
                    null,
                    new Reason(
                            Kind.LOAD_FAILED,
                            "",
                            located.name(),
                            "The files of model " + located.name() + " cannot be read: " + Repository.reason(e) + ".",
                            "Check their owner and mode."));
        }
    }
}
