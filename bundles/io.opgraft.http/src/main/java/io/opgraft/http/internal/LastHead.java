package io.opgraft.http.internal;

import io.opgraft.models.ModelMetadata;
import java.nio.ByteBuffer;
import org.eclipse.jetty.util.Attributes;

/**
 * The last JSON part that came over a connection, and what it means: clients mostly send the same one again with other
 * binary data, and to compare is much cheaper than to parse. Safe for use by many threads.
 */
final class LastHead {
    private static final String KEY = LastHead.class.getName();
    private static final int LARGEST = 1024;

    private final ByteBuffer json;
    private final ModelMetadata model;
    private final InferHead head;

    private LastHead(ByteBuffer json, ModelMetadata model, InferHead head) {
        this.json = json;
        this.model = model;
        this.head = head;
    }

    /** Keeps a JSON part, unless it is large or has data in it. */
    static void keep(Attributes connection, Segments json, ModelMetadata model, InferHead head) {
        if (json.size() <= LARGEST && !head.hasData) {
            ByteBuffer copy = ByteBuffer.allocate((int) json.size());
            json.copyTo(copy);
            connection.setAttribute(KEY, new LastHead(copy.flip(), model, head));
        }
    }

    /** What was kept if the next bytes are the same; else null. */
    static LastHead find(Attributes connection, ByteBuffer bytes, int length) {
        return connection.getAttribute(KEY) instanceof LastHead last
                        && last.json.remaining() == length
                        && last.json.equals(bytes.slice(bytes.position(), length))
                ? last
                : null;
    }

    /** What it means for a model; null if that is not known, since another instance serves it now. */
    @SuppressWarnings("ReferenceEquality") // an instance always gives the same object
    InferHead head(ModelMetadata serving) {
        return serving == model ? head : null;
    }
}
