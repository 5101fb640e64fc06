package io.opgraft.http.internal;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The connector, with a limit on connections and on the time that a request's header may take. Some connections beyond
 * the limit are accepted for one question each, so that the server can still be asked how it is.
 */
final class Connections extends ServerConnector {
    /** How many connections beyond the limit are accepted for questions. */
    static final int SPARE = 64;

    private static final long SPARE_IDLE_MILLIS = 1000;
    private static final long SWEEP_MILLIS = 500;

    /** What a connection had done when it last was not in the middle of a header. */
    private record Seen(long messages, long bytesIn, long bytesOut, long nanos) {}

    private final int limit;
    private final long headerNanos;
    private final long lookNanos;
    private final AtomicInteger open = new AtomicInteger();
    private final Set<EndPoint> spare = ConcurrentHashMap.newKeySet();
    private final Map<EndPoint, Seen> seen = new ConcurrentHashMap<>();
    private volatile Scheduler.Task sweep;

    Connections(Server server, int limit, long headerMillis, long lookMicros, ConnectionFactory... protocols) {
        // Short models run on the threads that read, so there is one of these for each processor.
        super(server, 1, Runtime.getRuntime().availableProcessors(), protocols);
        this.limit = limit;
        this.headerNanos = TimeUnit.MILLISECONDS.toNanos(headerMillis);
        this.lookNanos = TimeUnit.MICROSECONDS.toNanos(lookMicros);
    }

    /** Whether a request came on a connection that may only ask how the server is. */
    boolean spare(Request request) {
        if (spare.isEmpty()) {
            return false;
        }
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        return spare.contains(endPoint instanceof EndPoint.Wrapper wrapper ? wrapper.unwrap() : endPoint);
    }

    @Override
    protected SelectorManager newSelectorManager(Executor executor, Scheduler scheduler, int selectors) {
        AtomicInteger asleep = new AtomicInteger();
        return new ServerConnectorManager(executor, scheduler, selectors) {
            @Override
            protected ManagedSelector newSelector(int id) {
                return new EagerSelector(this, id, lookNanos, getSelectorCount() - 1, asleep);
            }
        };
    }

    @Override
    protected void onEndPointOpened(EndPoint endPoint) {
        super.onEndPointOpened(endPoint);
        int now = open.incrementAndGet();
        if (now > limit + SPARE) {
            endPoint.close();
        } else if (now > limit) {
            endPoint.setIdleTimeout(SPARE_IDLE_MILLIS);
            spare.add(endPoint);
        }
    }

    @Override
    protected void onEndPointClosed(EndPoint endPoint) {
        super.onEndPointClosed(endPoint);
        open.decrementAndGet();
        spare.remove(endPoint);
        seen.remove(endPoint);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        sweepLater();
    }

    @Override
    protected void doStop() throws Exception {
        Scheduler.Task task = sweep;
        sweep = null;
        if (task != null) {
            task.cancel();
        }
        super.doStop();
    }

    private void sweepLater() {
        sweep = getScheduler().schedule(this::sweep, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Closes connections whose next header takes too long: bytes arrive, so they are not idle, but no end of it. */
    private void sweep() {
        long now = System.nanoTime();
        for (EndPoint endPoint : getConnectedEndPoints()) {
            Connection outer = endPoint.getConnection();
            Connection inner =
                    outer instanceof SslConnection tls ? tls.getSslEndPoint().getConnection() : outer;
            // HTTP/2 has frames that belong to no request; its streams have time limits of their own.
            if (outer != null && !(inner instanceof HTTP2Connection)) {
                check(endPoint, outer, inner, now);
            }
        }
        // An endpoint that was closed meanwhile must not stay known.
        seen.keySet().removeIf(endPoint -> !endPoint.isOpen());
        if (isRunning() && sweep != null) {
            sweepLater();
        }
    }

    private void check(EndPoint endPoint, Connection outer, Connection inner, long now) {
        long messages = inner == null ? 0 : inner.getMessagesIn();
        boolean answered = inner == null || inner.getMessagesOut() == messages;
        Seen before = seen.get(endPoint);
        boolean inHeader = before != null
                && answered
                && before.messages() == messages
                && before.bytesOut() == outer.getBytesOut()
                && before.bytesIn() != outer.getBytesIn();
        if (!inHeader) {
            seen.put(endPoint, new Seen(messages, outer.getBytesIn(), outer.getBytesOut(), now));
        } else if (now - before.nanos() > headerNanos) {
            endPoint.close();
        }
    }
}
