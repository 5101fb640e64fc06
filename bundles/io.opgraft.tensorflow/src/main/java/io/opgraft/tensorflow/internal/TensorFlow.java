package io.opgraft.tensorflow.internal;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteBuffer;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GetAllOpList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_Version;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.BytePointer;
import org.tensorflow.internal.c_api.TF_Buffer;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.OpList;

/** TensorFlow in this process: loaded once for each class loader, never unloaded. */
final class TensorFlow {
    /** Stands in every private op name and in none of TensorFlow's own. */
    static final char PRIVATE_MARK = '>';

    private static final Object LOADING = new Object();
    private static TensorFlow instance;

    private final String version;
    private final Map<String, OpDef> coreOps;

    private TensorFlow(String version, Map<String, OpDef> coreOps) {
        this.version = version;
        this.coreOps = Collections.unmodifiableMap(coreOps);
    }

    /**
     * Loads TensorFlow, or gives what was loaded before.
     *
     * @param cache where the natives are unpacked
     * @param scratch a folder for short-lived files
     * @throws IOException if it cannot be loaded; the message says why
     */
    static TensorFlow start(Path cache, Path scratch) throws IOException {
        synchronized (LOADING) {
            if (instance == null) {
                instance = load(cache, scratch);
            }
            return instance;
        }
    }

    String version() {
        return version;
    }

    /** TensorFlow's own ops by name. */
    Map<String, OpDef> coreOps() {
        return coreOps;
    }

    private static TensorFlow load(Path cache, Path scratch) throws IOException {
        NativeFiles files = NativeFiles.find(TensorFlow.class.getClassLoader());
        Path folder = files.unpack(cache);
        Files.createDirectories(scratch);
        // A file of its own each time, because a JVM does not load one file in two class loaders.
        Path shim = Files.createTempFile(scratch, "libopgraft_scope", ".so");
        try {
            loadShim(files, shim);
            Shim.quiet();
            JavaCpp.load(folder);
            String fault = Shim.attach();
            if (fault != null) {
                throw new IOException(fault);
            }
        } catch (LinkageError e) {
            throw new IOException(
                    "TensorFlow's native libraries in " + folder + " cannot be loaded: " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(shim);
        }
        String version = TF_Version().getString();
        if (!version.equals(files.version())) {
            throw new IOException("another TensorFlow, " + version + ", is in this process; " + files.version()
                    + " cannot be used until the server is started again");
        }
        // The first look-up of an op makes TensorFlow's registry open for good: later registrations count at once.
        Map<String, OpDef> core = new HashMap<>();
        for (OpDef op : allOps().getOpList()) {
            if (op.getName().indexOf(PRIVATE_MARK) < 0) {
                core.put(op.getName(), op);
            }
        }
        return new TensorFlow(version, core);
    }

    private static void loadShim(NativeFiles files, Path copy) throws IOException {
        try (InputStream in = files.shim().openStream()) {
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        }
        System.load(copy.toAbsolutePath().toString());
    }

    /** Every op that is registered now, private ones too. */
    static OpList allOps() {
        TF_Buffer buffer = TF_GetAllOpList();
        try {
            return OpList.parseFrom(bytes(buffer));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("TensorFlow's list of ops cannot be read", e);
        } finally {
            TF_DeleteBuffer(buffer);
        }
    }

    static Set<String> opNames() {
        Set<String> names = new HashSet<>();
        allOps().getOpList().forEach(op -> names.add(op.getName()));
        return names;
    }

    static byte[] bytes(TF_Buffer buffer) {
        byte[] content = new byte[Math.toIntExact(buffer.length())];
        if (content.length > 0) {
            new BytePointer(buffer.data()).get(content);
        }
        return content;
    }
}
