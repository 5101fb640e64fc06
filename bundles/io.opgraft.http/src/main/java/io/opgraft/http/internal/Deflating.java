package io.opgraft.http.internal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/** Compresses response bodies. */
final class Deflating {
    private static final int CHUNK = 8 * 1024;

    /** A content coding. */
    enum Format {
        GZIP,
        DEFLATE;

        String token() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private Deflating() {}

    /** The coding that the client names first with a weight above 0, or null. */
    static Format accepted(HttpFields headers) {
        HttpField field = headers.getField(HttpHeader.ACCEPT_ENCODING);
        if (field == null) {
            return null;
        }
        for (String value : headers.getQualityCSV(HttpHeader.ACCEPT_ENCODING)) {
            for (Format format : Format.values()) {
                if (value.equalsIgnoreCase(format.token())) {
                    return format;
                }
            }
            if (value.equalsIgnoreCase("identity")) {
                return null;
            }
        }
        return null;
    }

    /** Compresses all of the source into the target. */
    static void deflate(Format format, List<ByteBuffer> source, Segments target) {
        boolean gzip = format == Format.GZIP;
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, gzip);
        CRC32 crc = new CRC32();
        byte[] out = new byte[CHUNK];
        try {
            if (gzip) {
                target.append(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff}, 0, 10);
            }
            for (ByteBuffer piece : source) {
                if (gzip) {
                    crc.update(piece.duplicate());
                }
                deflater.setInput(piece);
                while (!deflater.needsInput()) {
                    target.append(out, 0, deflater.deflate(out));
                }
            }
            deflater.finish();
            while (!deflater.finished()) {
                target.append(out, 0, deflater.deflate(out));
            }
            if (gzip) {
                target.appendInt((int) crc.getValue());
                target.appendInt((int) deflater.getBytesRead());
            }
        } finally {
            deflater.end();
        }
    }
}
