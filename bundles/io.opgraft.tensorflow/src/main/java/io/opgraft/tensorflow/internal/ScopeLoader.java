package io.opgraft.tensorflow.internal;

import io.opgraft.backend.LoadedLibrary;
import io.opgraft.backend.OpLibraryCopy;
import io.opgraft.backend.OpLoadException;
import io.opgraft.elf.ElfException;
import io.opgraft.probe.Registration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads op libraries, each once for its content. What was loaded stays for the life of the process, whichever instance
 * of the backend asked for it; the op-scope library remembers it across class loaders.
 */
final class ScopeLoader {
    private static final Logger LOG = LoggerFactory.getLogger(ScopeLoader.class);

    private final Map<String, Scope> scopes = new HashMap<>();
    /** Why libraries that were loaded nevertheless cannot be used; a second look would not find that again. */
    private final Map<String, String> unusable = new HashMap<>();

    private final LoadedLibraries loaded = new LoadedLibraries();
    private final MappingLimit mappings = new MappingLimit();

    /** All that was loaded, in order. */
    List<LoadedLibrary> loaded() {
        return loaded.list();
    }

    boolean hasLoaded(String digest) {
        return loaded.contains(digest);
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
        Symbols symbols = judge(copy);
        String full = mappings.refusal(symbols.files().size());
        if (full != null) {
            throw new OpLoadException(full);
        }
        // The trial showed already whether an op escapes its scope.
        boolean tried = !copy.registrations().isEmpty();
        Set<String> before = tried ? Set.of() : TensorFlow.opNames();
        List<String> answer = load(copy, claims(copy, symbols)).lines().toList();
        String prefix = answer.get(0);
        Map<String, Scope.Op> ops = RegisteredOps.read(prefix, answer.subList(1, answer.size()));
        String fault = ops.isEmpty() ? "it registers no op" : tried ? null : escaped(prefix, before);
        if (fault != null) {
            unusable.put(copy.digest(), fault);
            throw new OpLoadException(fault);
        }
        Scope scope = new Scope(prefix, ops);
        scopes.put(copy.digest(), scope);
        loaded.add(copy, symbols.files());
        LOG.info("Loaded {} of {} under the prefix {}", new TreeSet<>(ops.keySet()), copy.label(), prefix);
        return scope;
    }

    /** Reads what it asks for, and refuses it if the dynamic loader would. */
    private static Symbols judge(OpLibraryCopy copy) throws OpLoadException {
        try {
            Symbols symbols = Symbols.read(copy.files());
            String refusal = Lint.refusal(Lint.of(copy.files(), symbols));
            if (refusal != null) {
                throw new OpLoadException(refusal);
            }
            return symbols;
        } catch (ElfException | IOException e) {
            throw new OpLoadException("it cannot be read: " + e.getMessage());
        }
    }

    /** What it takes of the process: known from its trial; otherwise every name of what its symbols tell of. */
    private static List<String> claims(OpLibraryCopy copy, Symbols symbols) {
        return copy.registrations().isEmpty()
                ? ProcessWide.claims(symbols.asked())
                : RegistrationKind.claims(copy.registrations());
    }

    private static String load(OpLibraryCopy copy, List<String> claims) throws OpLoadException {
        byte[] paths = bytes(ProbeProgram.paths(copy.files()));
        byte[] label = bytes(identifier(copy.label()));
        byte[] given = Shim.load(paths, bytes(copy.digest()), label, bytes(String.join("\n", claims)));
        String answer = new String(given, StandardCharsets.UTF_8);
        String text = answer.substring(1);
        if (answer.startsWith("=")) {
            throw new OpLoadException(clash(text));
        }
        if (!answer.startsWith("+")) {
            throw new OpLoadException("the dynamic loader refuses it: " + text);
        }
        return text;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Says what two libraries both want: the line that is held, and who holds it. */
    private static String clash(String answer) {
        int end = answer.indexOf('\n');
        String line = answer.substring(0, end);
        String holder = answer.substring(end + 1);
        Registration held = RegistrationKind.parse(line);
        String kind = held == null ? "something" : held.kind();
        String what = held == null || held.name().equals(RegistrationKind.ANY)
                ? "a " + kind
                : "the " + kind + " " + held.name();
        if (kind.equals(RegistrationKind.LIBRARY.text())) {
            return "only one version of it can be in a process, and " + holder
                    + " is loaded already; restart the server to change it";
        }
        return "it registers " + what + " for the whole process, and " + holder
                + ", which is loaded already, does so too; only one such library can be used until the server is restarted";
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

    /** What is wrong if it has registered ops under other names than its own; null if it has not. */
    private static String escaped(String prefix, Set<String> before) {
        Set<String> escaped = new TreeSet<>();
        for (String name : TensorFlow.opNames()) {
            if (!before.contains(name) && !name.startsWith(prefix) && !name.startsWith("_" + prefix)) {
                escaped.add(name);
            }
        }
        return escaped.isEmpty()
                ? null
                : "it registers ops in a way that cannot be kept apart: " + String.join(", ", escaped)
                        + " went into TensorFlow under plain names; restart the server without this library";
    }
}
