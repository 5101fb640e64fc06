package io.opgraft.tensorrt.internal;

import io.opgraft.backend.ModelLoadException;
import io.opgraft.backend.ModelSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A plan as its file says.
 *
 * @param path the file
 * @param size in bytes
 * @param digest lower-case SHA-256
 * @param hostCode whether it carries code for this machine's processor
 * @param builtBy version of TensorRT, such as {@code 10.6.0.26}; empty if the file does not begin as such plans do
 */
record PlanFile(Path path, long size, String digest, boolean hostCode, String builtBy) {
    static final String PLATFORM = "tensorrt_plan";

    private static final String DEFAULT_NAME = "model.plan";
    private static final int BLOCK = 1 << 16;
    private static final byte[] MAGIC = {'f', 't', 'r', 't', 0, 0, 0, 0, 2, 0, 0, 0};
    private static final int VERSION_AT = 24;
    private static final int VERSION_PARTS = 4;
    private static final Map<Key, PlanFile> KNOWN = new ConcurrentHashMap<>();

    private record Key(Path path, long size, FileTime written) {}

    static boolean isIn(Path versionDirectory) {
        return Files.isRegularFile(versionDirectory.resolve(DEFAULT_NAME));
    }

    static PlanFile of(ModelSource source) throws ModelLoadException {
        if (!source.platform().isEmpty() && !source.platform().equals(PLATFORM)) {
            throw new ModelLoadException("platform \"" + source.platform() + "\" is not TensorRT's; use " + PLATFORM);
        }
        Path path = source.directory().resolve(source.fileName().isEmpty() ? DEFAULT_NAME : source.fileName());
        if (!Files.isRegularFile(path)) {
            throw new ModelLoadException("the plan " + path + " is missing");
        }
        try {
            PlanFile plan = read(path);
            if (plan.size() == 0) {
                throw new ModelLoadException("the plan " + path + " is empty; copy it there again");
            }
            return plan;
        } catch (IOException e) {
            throw new ModelLoadException("the plan " + path + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Reads a file unless it was read before and was not written since. */
    static PlanFile read(Path path) throws IOException {
        Key key = new Key(path.toAbsolutePath().normalize(), Files.size(path), Files.getLastModifiedTime(path));
        PlanFile known = KNOWN.get(key);
        if (known == null) {
            known = look(key.path());
            KNOWN.keySet().removeIf(other -> other.path().equals(key.path()));
            KNOWN.put(key, known);
        }
        return known;
    }

    private static PlanFile look(Path path) throws IOException {
        MessageDigest hash;
        try {
            hash = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        HostCodeSearch search = new HostCodeSearch();
        long size = 0;
        String builtBy = "";
        try (InputStream in = Files.newInputStream(path)) {
            byte[] block = new byte[BLOCK];
            for (int n = in.readNBytes(block, 0, BLOCK); n > 0; n = in.readNBytes(block, 0, BLOCK)) {
                builtBy = size == 0 ? version(block, n) : builtBy;
                hash.update(block, 0, n);
                search.add(block, n);
                size += n;
            }
        }
        return new PlanFile(path, size, HexFormat.of().formatHex(hash.digest()), search.found(), builtBy);
    }

    /** Known of TensorRT 10: the magic, the kind of header, the size at 16, and the version's parts, a byte each. */
    private static String version(byte[] start, int length) {
        if (length < VERSION_AT + VERSION_PARTS
                || Arrays.mismatch(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length) >= 0) {
            return "";
        }
        return IntStream.range(VERSION_AT, VERSION_AT + VERSION_PARTS)
                .mapToObj(i -> Integer.toString(Byte.toUnsignedInt(start[i])))
                .collect(Collectors.joining("."));
    }
}
