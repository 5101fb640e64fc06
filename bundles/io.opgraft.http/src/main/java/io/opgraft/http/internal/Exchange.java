package io.opgraft.http.internal;

import io.opgraft.backend.InferenceException;
import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.UnknownModelException;
import io.opgraft.serving.DeadlineException;
import io.opgraft.serving.OverloadException;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** One HTTP request and its answer, which is given once. */
final class Exchange {
    static final String JSON = "application/json";
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    final Request request;
    final Response response;
    final Callback callback;
    final RequestNotes notes;

    Exchange(Request request, Response response, Callback callback) {
        this(request, response, callback, new RequestNotes());
    }

    private Exchange(Request request, Response response, Callback callback, RequestNotes notes) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.notes = notes;
    }

    /** The same exchange with something to do at its end. */
    Exchange withEnd(Runnable end) {
        return new Exchange(request, response, Callback.from(callback, end), notes);
    }

    ByteBufferPool pool() {
        return request.getComponents().getByteBufferPool();
    }

    /** What may take long or block runs on a thread of the pool; nobody else waits for that one. */
    void execute(Runnable task) {
        try {
            request.getComponents().getExecutor().execute(task);
        } catch (RejectedExecutionException e) {
            // The server stops. Whoever waits for this thread has to.
            task.run();
        }
    }

    /** Answers without a body. */
    void empty(int status) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
        response.write(true, null, callback);
    }

    /** Answers 200 with JSON. */
    void json(byte[] body) {
        send(200, JSON, body, callback);
    }

    /** Answers 200 with content of any type. */
    void body(String type, byte[] body) {
        send(200, type, body, callback);
    }

    private void send(int status, String type, byte[] body, Callback after) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), after);
    }

    /** Answers with the error that stands for an exception. */
    void fail(Throwable cause) {
        fail(cause, callback);
    }

    /** Answers with an error, but leaves it to the given callback to end the exchange. */
    void fail(Throwable cause, Callback after) {
        if (response.isCommitted()) {
            callback.failed(cause);
            return;
        }
        HttpFailure failure = failure(cause);
        if (failure.retryAfterSeconds() > 0) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, failure.retryAfterSeconds());
        }
        if (LOG.isDebugEnabled()) {
            about(LOG.atDebug())
                    .log("Answer {} to {}: {}", failure.status(), path(), Json.printable(failure.getMessage()));
        }
        send(failure.status(), JSON, Json.error(failure.getMessage()), after);
    }

    /** The error that stands for an exception; logs what nobody expected. */
    HttpFailure failure(Throwable cause) {
        if (cause instanceof HttpFailure failure) {
            return failure;
        }
        if (cause instanceof UnknownModelException) {
            return new HttpFailure(404, text(cause));
        }
        if (cause instanceof ModelNotReadyException) {
            return new HttpFailure(503, text(cause));
        }
        if (cause instanceof OverloadException overload) {
            return HttpFailure.busy(text(cause), overload.retryAfterSeconds());
        }
        if (cause instanceof DeadlineException) {
            return new HttpFailure(503, text(cause));
        }
        if (cause instanceof InferenceException inference) {
            return new HttpFailure(inference.clientFault() ? 400 : 500, text(cause));
        }
        if (cause instanceof OutOfMemoryError) {
            about(LOG.atError()).log("Out of memory while serving {}", path());
            return new HttpFailure(503, "the server has not enough memory for this request now; try again later");
        }
        about(LOG.atError()).setCause(cause).log("Unexpected failure while serving {}", path());
        return new HttpFailure(500, "internal error; the server's log has the details");
    }

    /** Says which request a line of the log is about. */
    private LoggingEventBuilder about(LoggingEventBuilder event) {
        LoggingEventBuilder line = notes.model() == null ? event : event.addKeyValue("model", notes.model());
        return notes.id() == null ? line : line.addKeyValue("request_id", Json.printable(notes.id()));
    }

    private String path() {
        return Json.printable(String.valueOf(request.getHttpURI().getPath()));
    }

    private static String text(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
