package io.opgraft.http.internal;

import java.nio.ByteBuffer;

/** Takes a request body piece by piece. Called by one thread at a time. */
interface BodySink extends AutoCloseable {
    /**
     * Takes the next bytes.
     *
     * @param bytes valid during the call; read to its end
     */
    void accept(ByteBuffer bytes) throws HttpFailure;

    /** The body is complete; answers the request or throws. Not called after a failure. */
    void complete() throws HttpFailure;

    /** The body failed or was refused, or {@link #complete} has thrown: frees what is held. */
    @Override
    void close();
}
