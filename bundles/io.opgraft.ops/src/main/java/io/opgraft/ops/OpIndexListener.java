package io.opgraft.ops;

import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/** Told of changes of the op index. Registered as a service (whiteboard). */
@ConsumerType
public interface OpIndexListener {
    /**
     * Op libraries came, went or changed state. The index shows the new state already. Must return quickly: framework
     * events wait for it.
     *
     * @param framework framework of the ops
     * @param ops names of the ops concerned
     */
    void changed(String framework, Set<String> ops);
}
