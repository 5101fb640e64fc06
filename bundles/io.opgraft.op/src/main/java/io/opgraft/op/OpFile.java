package io.opgraft.op;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Objects;

/**
 * One file of an op library, as delivered. The server never loads it in place: it copies the bytes first.
 *
 * @param path relative place with {@code /} as separator; files of one library keep their places to each other
 * @param content where the bytes are read from, usually a bundle entry
 */
public record OpFile(String path, URL content) {
    /** Checks that both parts are there. */
    public OpFile {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(content, "content");
    }

    /**
     * Opens the bytes.
     *
     * @return a new stream, closed by the caller
     * @throws IOException if the entry cannot be read, for instance because its bundle was uninstalled
     */
    public InputStream open() throws IOException {
        return content.openStream();
    }
}
