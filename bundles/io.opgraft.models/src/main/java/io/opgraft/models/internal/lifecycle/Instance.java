package io.opgraft.models.internal.lifecycle;

import io.opgraft.backend.Backend;
import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.ModelSource;
import io.opgraft.models.Lease;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.Wiring;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A loaded model with its leases. Any thread may lease it; the deployer retires it, once. */
final class Instance {
    private static final Logger LOG = LoggerFactory.getLogger(Instance.class);

    /** Set in {@link #leases} when no more leases are given. */
    private static final int RETIRED = 1 << 31;

    private final ModelMetadata metadata;
    private final Wiring wiring;
    private final ModelSource source;
    private final LoadedModel model;
    private final Backend backend;
    private final Executor closer;
    private final int places;
    private final AtomicInteger leases = new AtomicInteger();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /**
     * Makes an instance.
     *
     * @param executors how many the configuration asks for, 0 if it leaves them to the backend
     */
    Instance(
            ModelMetadata metadata,
            Wiring wiring,
            ModelSource source,
            LoadedModel model,
            Backend backend,
            int executors,
            Executor closer) {
        this.metadata = metadata;
        this.wiring = wiring;
        this.source = source;
        this.model = model;
        this.backend = backend;
        this.closer = closer;
        this.places = model.parallelism() > 0 ? model.parallelism() : executors;
    }

    ModelMetadata metadata() {
        return metadata;
    }

    Wiring wiring() {
        return wiring;
    }

    /** What it was built from. */
    ModelSource source() {
        return source;
    }

    LoadedModel model() {
        return model;
    }

    /** How many runs may go on at once, 0 if nothing says it. */
    int places() {
        return places;
    }

    Backend backend() {
        return backend;
    }

    /** Gives a lease, or null if this instance is retired: then a newer one or none at all is published already. */
    Lease lease() {
        int count = leases.get();
        while (count >= 0) {
            if (leases.compareAndSet(count, count + 1)) {
                return new InstanceLease(this);
            }
            count = leases.get();
        }
        return null;
    }

    /** Ends a lease. */
    void release() {
        if (leases.decrementAndGet() == RETIRED) {
            closeLater();
        }
    }

    /** Gives no more leases, and closes the model when the last one ends. Further calls do nothing. */
    CompletionStage<Void> retire() {
        int count = leases.getAndUpdate(c -> c | RETIRED);
        if (count == 0) {
            closeLater();
        }
        return closed;
    }

    private void closeLater() {
        try {
            closer.execute(this::close);
        } catch (RejectedExecutionException e) {
            // The server stopped without waiting for this request any longer; the process ends soon.
            LOG.debug("model {} version {} is not freed", metadata.name(), metadata.version());
        }
    }

    private void close() {
        try {
            model.close();
        } catch (RuntimeException e) {
            LOG.error("model {} version {} could not be freed", metadata.name(), metadata.version(), e);
        }
        closed.complete(null);
    }
}
