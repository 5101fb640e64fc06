package io.opgraft.http.internal;

import io.opgraft.serving.InferenceRequest;
import io.opgraft.serving.OverloadException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the inference requests under way and the memory that they take, over all connections. What does not fit is
 * refused at once with status 503, before anything is allocated for it.
 */
final class Admission {
    /** Seconds after which a refused client may try again; what is under way is mostly over by then. */
    private static final int RETRY_SECONDS = 1;

    private final int maxRequests;
    private final long maxBytes;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    Admission(int maxRequests, long maxBytes) {
        this.maxRequests = maxRequests;
        this.maxBytes = maxBytes;
    }

    /**
     * Lets a request in.
     *
     * @param declared bytes that its body will have, or less than 0 if they are not known
     * @return to be closed when the request has been answered
     */
    Ticket admit(long declared) throws HttpFailure {
        if (requests.incrementAndGet() > maxRequests) {
            requests.decrementAndGet();
            throw HttpFailure.busy(
                    "the server has " + maxRequests + " requests under way, its limit (maxRequestsInFlight);"
                            + " try again later",
                    RETRY_SECONDS);
        }
        Ticket ticket = new Ticket();
        try {
            ticket.body(Math.max(declared, 0));
        } catch (OverloadException e) {
            ticket.close();
            throw HttpFailure.busy(e.getMessage(), e.retryAfterSeconds());
        }
        return ticket;
    }

    int requests() {
        return requests.get();
    }

    long bytes() {
        return bytes.get();
    }

    /** The place of one request. It takes as many bytes as its body or its tensors, whichever are more. */
    final class Ticket implements AutoCloseable {
        private long held;
        private long received;
        private long tensors;
        private boolean closed;

        /** More of the body has arrived, after decompression; what was declared counts already. */
        synchronized void received(long more) throws OverloadException {
            received += more;
            body(received);
        }

        /** Memory for a tensor is about to be allocated. */
        synchronized void tensor(long more) throws OverloadException {
            tensors = tensors > maxBytes - Math.min(more, maxBytes) ? Long.MAX_VALUE : tensors + more;
            body(tensors);
        }

        private synchronized void body(long needed) throws OverloadException {
            if (needed <= held || closed) {
                return;
            }
            long more = needed - held;
            // Added only if it fits, so that the requests that are refused leave no trace.
            for (long now = bytes.get(); ; now = bytes.get()) {
                if (more > maxBytes - now) {
                    throw new OverloadException(
                            "the requests under way take " + now + " bytes; with " + more
                                    + " more they would be over the limit of " + maxBytes
                                    + " (maxBytesInFlight); try again later",
                            RETRY_SECONDS);
                }
                if (bytes.compareAndSet(now, now + more)) {
                    held = needed;
                    return;
                }
            }
        }

        /** A request whose inputs count. */
        InferenceRequest counting(InferenceRequest request) {
            return new CountedRequest(request, this);
        }

        /** Gives the place to others; further calls do nothing. */
        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                bytes.addAndGet(-held);
                requests.decrementAndGet();
            }
        }
    }
}
