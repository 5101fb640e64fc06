package io.opgraft.http.internal;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;

/** Decompresses a request body: gzip with any number of members, or deflate with or without the zlib wrapper. */
final class Inflating implements BodySink {
    private static final int CHUNK = 16 * 1024;
    private static final int FHCRC = 2;
    private static final int FEXTRA = 4;
    private static final int FNAME = 8;
    private static final int FCOMMENT = 16;

    private enum State {
        HEADER,
        EXTRA_LENGTH,
        EXTRA,
        NAME,
        COMMENT,
        HEADER_CRC,
        DATA,
        TRAILER,
        END
    }

    private final boolean gzip;
    private final BodySink target;
    private final ByteBufferPool pool;
    private final CRC32 crc = new CRC32();
    private RetainableByteBuffer owner;
    private Inflater inflater;
    private State state;
    private int flags;
    private int seen;
    private long value;
    private boolean any;

    private Inflating(boolean gzip, BodySink target, ByteBufferPool pool) {
        this.gzip = gzip;
        this.target = target;
        this.pool = pool;
        this.state = gzip ? State.HEADER : State.DATA;
    }

    /**
     * Wraps a sink if the body is compressed.
     *
     * @param encoding value of Content-Encoding, or null
     */
    static BodySink wrap(String encoding, BodySink target, ByteBufferPool pool) throws HttpFailure {
        String name = encoding == null ? "identity" : encoding.trim().toLowerCase(Locale.ROOT);
        return switch (name) {
            case "identity", "" -> target;
            case "gzip", "x-gzip" -> new Inflating(true, target, pool);
            case "deflate" -> new Inflating(false, target, pool);
            default ->
                throw HttpFailure.unsupported("Content-Encoding " + Json.quote(encoding), "use gzip, deflate or none");
        };
    }

    @Override
    public void accept(ByteBuffer bytes) throws HttpFailure {
        while (bytes.hasRemaining()) {
            any = true;
            if (state == State.DATA) {
                inflate(bytes);
            } else if (state == State.END) {
                throw broken("there are bytes after its end");
            } else {
                frame(bytes.get() & 0xff);
            }
        }
    }

    private void inflate(ByteBuffer bytes) throws HttpFailure {
        if (inflater == null) {
            // The first byte tells the zlib wrapper, which RFC 9110 means, from bare deflate, which many send.
            boolean bare = gzip || (bytes.get(bytes.position()) & 0x0f) != 8;
            inflater = new Inflater(bare);
        }
        if (owner == null) {
            owner = pool.acquire(CHUNK, true);
        }
        inflater.setInput(bytes);
        ByteBuffer out = owner.getByteBuffer();
        try {
            while (!inflater.finished()) {
                out.clear();
                int n = inflater.inflate(out);
                if (n > 0) {
                    out.flip();
                    crc.update(out.duplicate());
                    target.accept(out);
                } else if (inflater.needsDictionary()) {
                    throw broken("it asks for a preset dictionary");
                } else if (inflater.needsInput()) {
                    return;
                }
            }
        } catch (DataFormatException e) {
            throw broken(String.valueOf(e.getMessage()));
        }
        if (gzip) {
            enter(State.TRAILER);
        } else {
            state = State.END;
        }
    }

    private void frame(int b) throws HttpFailure {
        switch (state) {
            case HEADER -> header(b);
            case EXTRA_LENGTH -> {
                value |= (long) b << (8 * seen);
                if (++seen == 2) {
                    state = State.EXTRA;
                    if (value == 0) {
                        afterHeader(FEXTRA);
                    }
                }
            }
            case EXTRA -> {
                if (--value == 0) {
                    afterHeader(FEXTRA);
                }
            }
            case NAME -> {
                if (b == 0) {
                    afterHeader(FNAME);
                }
            }
            case COMMENT -> {
                if (b == 0) {
                    afterHeader(FCOMMENT);
                }
            }
            case HEADER_CRC -> {
                if (++seen == 2) {
                    afterHeader(FHCRC);
                }
            }
            case TRAILER -> trailer(b);
            default -> throw new IllegalStateException(state.name());
        }
    }

    private void header(int b) throws HttpFailure {
        boolean right =
                switch (seen) {
                    case 0 -> b == 0x1f;
                    case 1 -> b == 0x8b;
                    case 2 -> b == 8;
                    case 3 -> (b & 0xe0) == 0;
                    default -> true;
                };
        if (!right) {
            throw broken("no gzip header where one must be");
        }
        if (seen == 3) {
            flags = b;
        }
        if (++seen == 10) {
            afterHeader(0);
        }
    }

    /** Goes to the next part of the header that the flags announce; parts come in the order of the list here. */
    private void afterHeader(int done) {
        flags &= ~done;
        if ((flags & FEXTRA) != 0) {
            enter(State.EXTRA_LENGTH);
        } else if ((flags & FNAME) != 0) {
            enter(State.NAME);
        } else if ((flags & FCOMMENT) != 0) {
            enter(State.COMMENT);
        } else if ((flags & FHCRC) != 0) {
            enter(State.HEADER_CRC);
        } else {
            enter(State.DATA);
            crc.reset();
            if (inflater != null) {
                inflater.reset();
            }
        }
    }

    private void trailer(int b) throws HttpFailure {
        value |= (long) b << (8 * seen);
        if (++seen == 8) {
            long expected = crc.getValue() | (inflater.getBytesWritten() & 0xffffffffL) << 32;
            if (value != expected) {
                throw broken("its checksum does not match");
            }
            enter(State.HEADER);
        }
    }

    private void enter(State next) {
        state = next;
        seen = 0;
        value = 0;
    }

    @Override
    public void complete() throws HttpFailure {
        boolean ended = gzip ? any && state == State.HEADER && seen == 0 : state == State.END;
        if (!ended) {
            throw broken("it ends too early");
        }
        free();
        target.complete();
    }

    @Override
    public void close() {
        free();
        target.close();
    }

    private void free() {
        if (inflater != null) {
            inflater.end();
            inflater = null;
        }
        if (owner != null) {
            owner.release();
            owner = null;
        }
    }

    private HttpFailure broken(String why) {
        return HttpFailure.badRequest("the " + (gzip ? "gzip" : "deflate") + " body is damaged: " + why);
    }
}
