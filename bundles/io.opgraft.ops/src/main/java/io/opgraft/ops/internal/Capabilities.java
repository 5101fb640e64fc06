package io.opgraft.ops.internal;

import io.opgraft.op.OpNamespace;
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
        List<Declared> found = new ArrayList<>();
        List<Declared> elsewhere = new ArrayList<>();
        for (BundleCapability capability : revision.getDeclaredCapabilities(OpNamespace.NAMESPACE)) {
            Declared declared = read(bundle, revision, capability.getAttributes());
            Platform platform = declared.valid() ? platform(declared.library()) : here;
            (here.equals(platform) ? found : elsewhere).add(declared);
        }
        for (Declared other : elsewhere) {
            if (!covered(other, found)) {
                found.add(Declared.refused(
                        other.candidate(),
                        "it has no library for this machine (" + here + "), only " + other.library() + "; build it for "
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
            }
        }
        return ops.containsAll(other.candidate().ops());
    }

    private static Declared read(Bundle bundle, BundleRevision revision, Map<String, Object> attributes) {
        String framework = text(attributes.get(OpNamespace.FRAMEWORK));
        List<String> ops = texts(attributes.get(OpNamespace.OPS));
        String library = text(attributes.get(OpNamespace.LIBRARY));
        Version version = version(attributes.get(OpNamespace.VERSION), revision.getVersion());
        Candidate candidate = new Candidate(
                framework,
                ops,
                Candidate.name(bundle),
                version == null ? revision.getVersion() : version,
                bundle.getBundleId());
        String refusal;
        if ((revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0) {
            refusal = "it is a fragment, which cannot be started; put the capability and the library into its host";
        } else if (framework.isEmpty()) {
            refusal = missing(OpNamespace.FRAMEWORK, "framework=tensorflow");
        } else if (ops.isEmpty()) {
            refusal = missing(OpNamespace.OPS, "ops:List<String>=\"MyOp\"");
        } else if (library.isEmpty()) {
            refusal = missing(OpNamespace.LIBRARY, "library=\"native/linux-x86_64/libmyop.so\"");
        } else if (version == null) {
            refusal = "its opgraft.op capability has version " + attributes.get(OpNamespace.VERSION)
                    + ", expected one such as 1.2.0";
        } else {
            refusal = libraryRefusal(bundle, library);
        }
        return refusal.isEmpty() ? new Declared(candidate, library, "") : Declared.refused(candidate, refusal);
    }

    private static String missing(String attribute, String example) {
        return "its opgraft.op capability has no attribute " + attribute + "; add " + example
                + " to Provide-Capability";
    }

    private static String libraryRefusal(Bundle bundle, String library) {
        if (platform(library) == null || !SafePaths.isSafe(library)) {
            return "its library " + library + " does not lie below native/<os>-<arch>/, such as native/linux-x86_64/";
        }
        if (bundle.getEntry(library) == null || library.endsWith("/")) {
            return "its library " + library + " is not in the bundle; check the path in Provide-Capability";
        }
        return "";
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
