package io.opgraft.http.internal;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;

/** Makes Jetty find its header encoders. */
final class PreEncoders {
    private PreEncoders() {}

    /**
     * Jetty looks its encoders up once, through the context class loader of the thread that first makes a pre-encoded
     * field. Seen from this bundle's loader its service file names all of them; without the one for HTTP/2 every answer
     * over HTTP/2 would fail.
     */
    static void load() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(PreEncoders.class.getClassLoader());
        try {
            new PreEncodedHttpField(HttpHeader.SERVER, "opgraft");
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
