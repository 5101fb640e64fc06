package io.opgraft.tensorflow.internal;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteBuffer;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GetRegisteredKernelsForOp;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opgraft.backend.LoadedLibrary;
import io.opgraft.backend.OpLibraryCopy;
import io.opgraft.backend.OpLoadException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.internal.c_api.TF_Buffer;
import org.tensorflow.proto.KernelDef;
import org.tensorflow.proto.KernelList;
import org.tensorflow.proto.OpDef;

/**
 * Loads op libraries, each once for its content. What was loaded stays for the life of the process, whichever instance
 * of the backend asked for it; the op-scope library remembers it across class loaders.
 */
final class ScopeLoader {
    private static final Logger LOG = LoggerFactory.getLogger(ScopeLoader.class);

    private final Map<String, Scope> scopes = new HashMap<>();
    /** Why libraries that were loaded nevertheless cannot be used; a second look would not find that again. */
    private final Map<String, String> unusable = new HashMap<>();

    private final List<LoadedLibrary> loaded = new CopyOnWriteArrayList<>();

    /** All that was loaded, in order. */
    List<LoadedLibrary> loaded() {
        return List.copyOf(loaded);
    }

    /** Loads a library, or gives the scope that it was loaded into before. */
    synchronized Scope open(OpLibraryCopy copy) throws OpLoadException {
        Scope known = scopes.get(copy.digest());
        if (known != null) {
            return known;
        }
        String reason = unusable.get(copy.digest());
        if (reason != null) {
            throw new OpLoadException(reason);
        }
        Symbols symbols = Symbols.check(copy);
        Set<String> before = TensorFlow.opNames();
        String answer = load(copy, symbols.exclusive());
        String prefix = answer.substring(0, answer.indexOf('\n'));
        Map<String, OpDef> registered;
        try {
            registered = registered(prefix, before);
        } catch (OpLoadException e) {
            unusable.put(copy.digest(), e.getMessage());
            throw e;
        }
        Map<String, Scope.Op> ops = new LinkedHashMap<>();
        for (Map.Entry<String, OpDef> op : registered.entrySet()) {
            ops.put(
                    op.getKey(),
                    new Scope.Op(op.getValue(), kernels(op.getValue().getName())));
        }
        Scope scope = new Scope(prefix, ops);
        scopes.put(copy.digest(), scope);
        loaded.add(new LoadedLibrary(copy.digest(), copy.label(), copy.library(), 0));
        LOG.info("Loaded {} of {} under the prefix {}", new TreeSet<>(ops.keySet()), copy.label(), prefix);
        return scope;
    }

    private static String load(OpLibraryCopy copy, boolean exclusive) throws OpLoadException {
        byte[] path = copy.library().toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8);
        byte[] key = copy.digest().getBytes(StandardCharsets.UTF_8);
        byte[] label = identifier(copy.label()).getBytes(StandardCharsets.UTF_8);
        String answer = new String(Shim.load(path, key, label, exclusive), StandardCharsets.UTF_8);
        String text = answer.substring(1);
        if (answer.startsWith("=")) {
            throw new OpLoadException("it registers protocol buffers in TensorFlow's own registry, which has no name"
                    + " spaces, and " + text + " in this process does so already; only one such library can be used");
        }
        if (!answer.startsWith("+")) {
            throw new OpLoadException("the dynamic loader refuses it: " + text);
        }
        return text;
    }

    /** A label as TensorFlow lets op names begin: letters, digits and underscores, the first a capital letter. */
    static String identifier(String label) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < label.length(); i++) {
            char c = label.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            result.append(plain ? c : '_');
        }
        char first = result.isEmpty() ? '_' : Character.toUpperCase(result.charAt(0));
        if (first >= 'A' && first <= 'Z') {
            result.setCharAt(0, first);
        } else {
            result.insert(0, "Op");
        }
        return result.toString();
    }

    /** The ops under a prefix, by the names of their author. */
    private static Map<String, OpDef> registered(String prefix, Set<String> before) throws OpLoadException {
        Map<String, OpDef> ops = new LinkedHashMap<>();
        List<String> escaped = new ArrayList<>();
        for (OpDef op : TensorFlow.allOps().getOpList()) {
            String name = op.getName();
            if (name.startsWith(prefix)) {
                ops.put(name.substring(prefix.length()), op);
            } else if (name.startsWith("_" + prefix)) {
                ops.put(name.substring(1 + prefix.length()), op);
            } else if (!before.contains(name)) {
                escaped.add(name);
            }
        }
        if (!escaped.isEmpty()) {
            throw new OpLoadException(
                    "it registers ops in a way that cannot be kept apart: " + String.join(", ", escaped)
                            + " went into TensorFlow under plain names; restart the server without this library");
        }
        if (ops.isEmpty()) {
            throw new OpLoadException("it registers no op");
        }
        return ops;
    }

    private static List<KernelDef> kernels(String op) {
        try (Status status = new Status()) {
            TF_Buffer buffer = TF_GetRegisteredKernelsForOp(op, status.handle());
            if (!status.isOk()) {
                return List.of();
            }
            try {
                return KernelList.parseFrom(TensorFlow.bytes(buffer)).getKernelList();
            } finally {
                TF_DeleteBuffer(buffer);
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("TensorFlow's list of kernels of " + op + " cannot be read", e);
        }
    }
}
