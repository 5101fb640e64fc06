package io.opgraft.models;

import org.osgi.annotation.versioning.ConsumerType;

/** Told of wirings that begin to serve. Registered as a service (whiteboard). */
@ConsumerType
public interface WiringListener {
    /**
     * A model version serves with another wiring, or with the same one in a new instance. Requests may have reached it
     * already. Must return quickly: further changes wait for it.
     *
     * @param model name of the model
     * @param change what serves now, and why; the same that the history shows
     */
    void changed(String model, WiringChange change);
}
