package io.opgraft.http.internal;

import java.io.IOException;
import java.nio.channels.Selector;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;

/**
 * Looks for the next request for some microseconds before it sleeps, while a single client asks again and again: to be woken
 * takes longer than a short model needs. With requests from several clients, or with pauses, it sleeps at once, so that processors
 * are left to others.
 */
final class EagerSelector extends ManagedSelector {
    /** Short sleeps in a row, each ended by one connection, until it looks. */
    private static final int EVIDENCE = 32;
    /** Looks in vain until evidence is asked for again. */
    private static final int PATIENCE = 8;

    private final long nanos;
    private final int others;
    private final AtomicInteger asleep;

    // Used by the one thread that selects; Jetty hands this on safely.
    private int evidence;
    private int patience;
    private boolean looked;

    /**
     * Makes a selector.
     *
     * @param nanos how long it looks at most; 0 for not at all
     * @param others how many other selectors the server has
     * @param asleep how many of all selectors sleep, shared by them
     */
    EagerSelector(SelectorManager manager, int id, long nanos, int others, AtomicInteger asleep) {
        super(manager, id);
        this.nanos = nanos;
        this.others = others;
        this.asleep = asleep;
    }

    @Override
    protected int nioSelect(Selector selector, boolean now) throws IOException {
        if (now || nanos == 0) {
            return super.nioSelect(selector, now);
        }
        // Jetty sees what else there is to do between two calls, so no call both looks and sleeps.
        looked = !looked && evidence == EVIDENCE;
        return looked ? look(selector) : sleep(selector);
    }

    private int sleep(Selector selector) throws IOException {
        long begin = System.nanoTime();
        asleep.incrementAndGet();
        int selected;
        try {
            selected = super.nioSelect(selector, false);
        } finally {
            asleep.decrementAndGet();
        }
        boolean single = selected == 1 && System.nanoTime() - begin < 2 * nanos && areOthersAsleep();
        if (evidence < EVIDENCE || !single) {
            evidence = single ? evidence + 1 : 0;
            patience = PATIENCE;
        }
        return selected;
    }

    private int look(Selector selector) throws IOException {
        long begin = System.nanoTime();
        do {
            int selected = super.nioSelect(selector, true);
            if (selected > 0) {
                evidence = selected == 1 ? EVIDENCE : 0;
                patience = PATIENCE;
                looked = false;
                return selected;
            }
            if (!areOthersAsleep()) {
                evidence = 0;
                return 0;
            }
            Thread.onSpinWait();
        } while (System.nanoTime() - begin < nanos);
        if (--patience == 0) {
            evidence = 0;
        }
        return 0;
    }

    private boolean areOthersAsleep() {
        return asleep.get() >= others;
    }
}
