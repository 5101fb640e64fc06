package io.opgraft.models.internal.lifecycle;

import io.opgraft.models.ModelStatus;
import java.util.SortedMap;

/**
 * What other threads see of a model. Replaced as a whole.
 *
 * @param status its state
 * @param ready the instances by version, never changed after publication
 * @param highest the instance of the highest version that is ready, or null
 */
record ModelView(ModelStatus status, SortedMap<Long, Instance> ready, Instance highest) {
    ModelView(ModelStatus status, SortedMap<Long, Instance> ready) {
        this(status, ready, ready.isEmpty() ? null : ready.get(ready.lastKey()));
    }
}
