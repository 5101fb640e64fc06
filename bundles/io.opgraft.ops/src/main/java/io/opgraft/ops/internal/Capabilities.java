package io.opgraft.ops.internal;

import io.opgraft.op.OpNamespace;
import io.opgraft.ops.OpOrigin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;

/** Reads the {@code opgraft.op} capabilities that a bundle revision declares. Nothing has to be resolved for that. */
final class Capabilities {
    private final Platform here;

    Capabilities(Platform here) {
        this.here = here;
    }

    static boolean declaredBy(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision != null
                && !revision.getDeclaredCapabilities(OpNamespace.NAMESPACE).isEmpty();
    }

    /**
     * Reads them.
     *
     * @return those for this platform, and a refused one for each op library that other platforms alone have
     */
    List<Declared> read(Bundle bundle, BundleRevision revision) {
        Owner owner = new Owner(
                Candidate.name(bundle),
                revision.getVersion(),
                bundle.getBundleId(),
                Candidate.origin(bundle),
                (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0);
        return read(
                owner,
                revision.getDeclaredCapabilities(OpNamespace.NAMESPACE).stream()
                        .map(BundleCapability::getAttributes)
                        .toList());
    }

    /** Reads the attributes of capabilities, with the same result. */
    List<Declared> read(Owner owner, List<Map<String, Object>> capabilities) {
        List<Declared> found = new ArrayList<>();
        List<Declared> elsewhere = new ArrayList<>();
        for (Map<String, Object> capability : capabilities) {
            Declared declared = read(owner, capability);
            Platform platform = declared.valid() ? platform(declared.entry()) : here;
            (here.equals(platform) ? found : elsewhere).add(declared);
        }
        for (Declared other : elsewhere) {
            if (!covered(other, found)) {
                found.add(Declared.refused(
                        other.candidate(),
                        "it has no library for this machine (" + here + "), only " + other.entry() + "; build it for "
                                + here + " and add a capability for that"));
            }
        }
        return found;
    }

    private static boolean covered(Declared other, List<Declared> found) {
        Set<String> ops = new HashSet<>();
        for (Declared declared : found) {
            if (declared.candidate().framework().equals(other.candidate().framework())) {
                ops.addAll(declared.candidate().ops());
                if (other.candidate().ops().isEmpty()
                        || declared.candidate().ops().isEmpty()) {
                    // Which ops they are only the libraries know.
                    return true;
                }
            }
        }
        return !other.candidate().ops().isEmpty()
                && ops.containsAll(other.candidate().ops());
    }

    /** Who declares capabilities. */
    record Owner(String name, Version version, long id, OpOrigin origin, boolean fragment) {}

    private static Declared read(Owner owner, Map<String, Object> attributes) {
        String framework = text(attributes.get(OpNamespace.FRAMEWORK));
        List<String> ops = texts(attributes.get(OpNamespace.OPS));
        String library = text(attributes.get(OpNamespace.LIBRARY));
        Version version = version(attributes.get(OpNamespace.VERSION), owner.version());
        Candidate candidate = new Candidate(
                framework, ops, owner.name(), version == null ? owner.version() : version, owner.id(), owner.origin());
        String refusal = "";
        if (owner.fragment()) {
            refusal = "it is a fragment, which cannot be started; put the capability and the library into its host";
        } else if (framework.isEmpty()) {
            refusal = missing(OpNamespace.FRAMEWORK, "framework=tensorflow");
        } else if (library.isEmpty()) {
            refusal = missing(OpNamespace.LIBRARY, "library=\"native/linux-x86_64/libmyop.so\"");
        } else if (version == null) {
            refusal = "its opgraft.op capability has version " + attributes.get(OpNamespace.VERSION)
                    + ", expected one such as 1.2.0";
        } else if (platform(library) == null || !SafePaths.isSafe(library)) {
            refusal =
                    "its library " + library + " does not lie below native/<os>-<arch>/, such as native/linux-x86_64/";
        }
        if (!refusal.isEmpty()) {
            return Declared.refused(candidate, refusal);
        }
        int slash = library.indexOf('/', library.indexOf('/') + 1) + 1;
        return new Declared(candidate, library.substring(0, slash), library.substring(slash), "");
    }

    private static String missing(String attribute, String example) {
        return "its opgraft.op capability has no attribute " + attribute + "; add " + example
                + " to Provide-Capability";
    }

    /** The platform of an entry below the folder of natives; null if it lies elsewhere. */
    private static Platform platform(String library) {
        int folder = OpNamespace.NATIVE_FOLDER.length();
        int slash = library.indexOf('/', folder);
        if (!library.startsWith(OpNamespace.NATIVE_FOLDER) || slash < 0 || slash == library.length() - 1) {
            return null;
        }
        return Platform.parse(library.substring(folder, slash));
    }

    private static String text(Object value) {
        return value instanceof String text ? text.strip() : "";
    }

    /** A list, or one text with commas, which is what a manifest without {@code List<String>} gives. */
    private static List<String> texts(Object value) {
        Collection<?> parts = List.of();
        if (value instanceof Collection<?> list) {
            parts = list;
        } else if (value instanceof String text) {
            parts = Arrays.asList(text.split(",", -1));
        }
        return parts.stream()
                .map(Capabilities::text)
                .filter(part -> !part.isEmpty())
                .distinct()
                .toList();
    }

    /** Null if it is no version. */
    static Version version(Object value, Version absent) {
        if (value == null) {
            return absent;
        }
        if (value instanceof Version version) {
            return version;
        }
        try {
            return Version.parseVersion(value.toString());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
