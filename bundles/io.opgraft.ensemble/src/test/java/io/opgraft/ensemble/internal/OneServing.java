package io.opgraft.ensemble.internal;

import io.opgraft.serving.Serving;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.ComponentServiceObjects;

/** What the component runtime hands over: the service comes when it is asked for. */
record OneServing(Serving serving) implements ComponentServiceObjects<Serving> {
    @Override
    public Serving getService() {
        return serving;
    }

    @Override
    public void ungetService(Serving service) {}

    @Override
    public ServiceReference<Serving> getServiceReference() {
        throw new UnsupportedOperationException("nobody needs it");
    }
}
