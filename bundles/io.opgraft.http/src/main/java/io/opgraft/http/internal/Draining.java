package io.opgraft.http.internal;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Counts the requests under way, so that a server that stops can let them finish. */
final class Draining extends Handler.Wrapper {
    private final Connections connections;
    private volatile boolean stopping;
    private final AtomicInteger underWay = new AtomicInteger();

    Draining(Handler handler, Connections connections) {
        super(handler);
        this.connections = connections;
    }

    boolean stopping() {
        return stopping;
    }

    /** From now on every connection ends with its next answer. */
    void begin() {
        stopping = true;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (stopping || connections.spare(request)) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        underWay.incrementAndGet();
        Callback counted = Callback.from(callback, this::ended);
        try {
            if (super.handle(request, response, counted)) {
                return true;
            }
        } catch (Throwable e) {
            ended();
            throw e;
        }
        ended();
        return false;
    }

    private void ended() {
        if (underWay.decrementAndGet() == 0 && stopping) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    /**
     * Waits for the requests under way.
     *
     * @return how many are left when the time is over
     */
    synchronized int await(long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (underWay.get() > 0) {
            long rest = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (rest <= 0) {
                break;
            }
            wait(rest);
        }
        return underWay.get();
    }
}
