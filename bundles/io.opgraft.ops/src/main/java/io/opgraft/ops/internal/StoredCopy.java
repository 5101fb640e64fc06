package io.opgraft.ops.internal;

import java.nio.file.Path;
import java.util.List;

/**
 * A private copy that may be loaded.
 *
 * @param digest SHA-256 of what was delivered
 * @param library the file to load
 * @param notes what was repaired or is worth knowing, one sentence each
 */
record StoredCopy(String digest, Path library, List<String> notes) {}
