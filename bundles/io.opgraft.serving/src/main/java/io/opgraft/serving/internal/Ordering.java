package io.opgraft.serving.internal;

import java.util.ArrayDeque;
import java.util.Deque;

/** Gives answers in the order of the requests. */
final class Ordering {
    private final Deque<Ticket> tickets = new ArrayDeque<>();
    private boolean delivering;

    /** The place of one request in the order. */
    static final class Ticket {
        private Runnable delivery;
    }

    /** The next place. */
    synchronized Ticket ticket() {
        Ticket ticket = new Ticket();
        tickets.add(ticket);
        return ticket;
    }

    /** Delivers an answer when all before it are delivered: now, or by the thread that delivers the last of those. */
    void deliver(Ticket ticket, Runnable delivery) {
        synchronized (this) {
            ticket.delivery = delivery;
            if (delivering) {
                return;
            }
            delivering = true;
        }
        for (Runnable next = next(); next != null; next = next()) {
            next.run();
        }
    }

    private synchronized Runnable next() {
        Ticket first = tickets.peek();
        if (first == null || first.delivery == null) {
            delivering = false;
            return null;
        }
        return tickets.remove().delivery;
    }
}
