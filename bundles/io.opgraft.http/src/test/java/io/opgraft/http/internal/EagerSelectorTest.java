package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.junit.jupiter.api.Test;

class EagerSelectorTest {
    private static final long LONG = 60_000_000_000L;
    private static final int ENOUGH = 32;

    private final AtomicInteger asleep = new AtomicInteger();
    private final Scripted script = new Scripted();

    /** Gives the same answer to every call and counts them. */
    private static final class Scripted extends Selector {
        int sleeps;
        int looks;
        int ready = 1;

        @Override
        public int select() {
            sleeps++;
            return ready;
        }

        @Override
        public int selectNow() {
            looks++;
            return ready;
        }

        @Override
        public int select(long timeout) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public SelectorProvider provider() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Set<SelectionKey> keys() {
            return Set.of();
        }

        @Override
        public Set<SelectionKey> selectedKeys() {
            return Set.of();
        }

        @Override
        public Selector wakeup() {
            return this;
        }

        @Override
        public void close() {}
    }

    private static final class Manager extends SelectorManager {
        Manager() {
            super(Runnable::run, null, 1);
        }

        @Override
        protected EndPoint newEndPoint(SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Connection newConnection(SelectableChannel channel, EndPoint endPoint, Object attachment) {
            throw new UnsupportedOperationException();
        }
    }

    private EagerSelector selector(long nanos, int others) {
        return new EagerSelector(new Manager(), 0, nanos, others, asleep);
    }

    private void select(EagerSelector selector, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            selector.nioSelect(script, false);
        }
    }

    @Test
    void looksOnceASingleClientAskedOftenEnough() throws IOException {
        EagerSelector selector = selector(LONG, 0);
        select(selector, ENOUGH);
        assertEquals(0, script.looks);
        select(selector, 5);
        assertEquals(ENOUGH, script.sleeps);
        assertEquals(5, script.looks);
    }

    @Test
    void severalClientsAreNoReasonToLook() throws IOException {
        script.ready = 2;
        select(selector(LONG, 0), 3 * ENOUGH);
        assertEquals(0, script.looks);
    }

    @Test
    void doesNotLookWhileAnotherSelectorIsBusy() throws IOException {
        EagerSelector selector = selector(LONG, 1);
        select(selector, 3 * ENOUGH);
        assertEquals(0, script.looks);
        asleep.set(1);
        select(selector, ENOUGH + 1);
        assertEquals(1, script.looks);
        // Found nothing yet, and the other one wakes up.
        script.ready = 0;
        asleep.set(0);
        select(selector, 1);
        assertEquals(2, script.looks);
        script.ready = 1;
        select(selector, ENOUGH);
        assertEquals(2, script.looks);
    }

    @Test
    void sleepsBetweenLooksInVainAndGivesThemUp() throws IOException {
        EagerSelector selector = selector(20_000_000, 0);
        select(selector, ENOUGH);
        script.ready = 0;
        select(selector, 1);
        int looks = script.looks;
        // Wakened without a request: not what a single busy client does.
        select(selector, ENOUGH);
        assertEquals(looks, script.looks);
    }

    @Test
    void canBeSwitchedOff() throws IOException {
        select(selector(0, 0), 3 * ENOUGH);
        assertEquals(0, script.looks);
    }
}
