package io.opgraft.models.internal.lifecycle;

import io.opgraft.backend.LoadedModel;
import io.opgraft.models.Lease;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.Wiring;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/** A lease; the only object that a request costs here. */
final class InstanceLease implements Lease {
    private static final AtomicIntegerFieldUpdater<InstanceLease> CLOSED =
            AtomicIntegerFieldUpdater.newUpdater(InstanceLease.class, "closed");

    private final Instance instance;

    @SuppressWarnings("unused") // through CLOSED
    private volatile int closed;

    InstanceLease(Instance instance) {
        this.instance = instance;
    }

    @Override
    public ModelMetadata metadata() {
        return instance.metadata();
    }

    @Override
    public Wiring wiring() {
        return instance.wiring();
    }

    @Override
    public LoadedModel model() {
        return instance.model();
    }

    @Override
    public int places() {
        return instance.places();
    }

    @Override
    public void close() {
        if (CLOSED.compareAndSet(this, 0, 1)) {
            instance.release();
        }
    }
}
