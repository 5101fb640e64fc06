package io.opgraft.ops.internal;

import io.opgraft.ops.OpProvider;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who brings op libraries: a bundle or a service. Its lock is held while the index is brought up to date, but never
 * while others are called. As a {@code Runnable} it asks the frameworks again.
 */
abstract class Owner implements Runnable {
    private final Trials trials;
    private final Index index;
    private final Listeners listeners;
    private List<Offer> offers = List.of();

    Owner(Trials trials, Index index, Listeners listeners) {
        this.trials = trials;
        this.index = index;
        this.listeners = listeners;
    }

    /** Replaces what is offered. Called with the lock held; {@link #publish} is to be called after it. */
    final Map<String, Set<String>> replace(List<Offer> now, boolean again) {
        trials.leave(this);
        offers = List.copyOf(now);
        return update(again);
    }

    private Map<String, Set<String>> update(boolean again) {
        offers.forEach(offer -> offer.ask(trials, again, this));
        return index.replace(this, offers.stream().map(Offer::provider).toList());
    }

    /** What it offers now. Called with the lock held. */
    final List<Offer> offers() {
        return offers;
    }

    /** Whether libraries of a framework are among what it offers. */
    final synchronized boolean uses(String framework) {
        return offers.stream().map(Offer::provider).map(OpProvider::framework).anyMatch(framework::equals);
    }

    /** Asks the frameworks again. */
    @Override
    public final void run() {
        Map<String, Set<String>> changed;
        synchronized (this) {
            if (offers.isEmpty()) {
                return;
            }
            changed = update(false);
        }
        publish(changed);
    }

    /** Makes known what changed. Called without the lock. */
    final void publish(Map<String, Set<String>> changed) {
        updateServices();
        listeners.tell(changed);
    }

    /** Registers or withdraws services as the offers say. Called without the lock. */
    void updateServices() {}
}
