package io.opgraft.models.internal.config;

import java.util.List;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;

/**
 * One entry of {@code model_operations.op_library_filename}: a bundle that the model takes its ops from, or a library in
 * the model's own folder.
 *
 * @param bundle symbolic name; empty for a library of the model's own
 * @param range versions that the model accepts; null for every version
 * @param digest how the digest of the library begins; empty for any
 * @param models versions of the model that the entry holds for; null for all
 * @param file path of the library below the model's folder, with {@code /}; empty for a bundle
 */
public record OpPin(String bundle, VersionRange range, String digest, VersionRange models, String file) {
    static final String FIELD = "model_operations.op_library_filename";

    private static final String FORM = "Write it as io.acme.addsub or io.acme.addsub;version='[1.0,2.0)'.";
    private static final String VERSION = "version";
    private static final String DIGEST = "digest";
    private static final String MODEL_VERSION = "model-version";

    /**
     * Reads an entry.
     *
     * @param text such as {@code bsn;version='[1.0,2.0)';digest=0123456789ab;model-version='2'} or {@code libops.so}
     * @param isFile whether the model's folder holds a file of that name
     * @return the pin
     * @throws ConfigException if it is malformed or names a file outside of the model's folder
     */
    static OpPin parse(String text, boolean isFile) throws ConfigException {
        try {
            Clause clause = Clause.parse(text);
            String name = clause.name();
            boolean file = isFile || isFileName(name);
            if (!file && !name.matches("[A-Za-z0-9_.-]+")) {
                throw new Clause.MalformedException("\"" + name + "\" is no bundle symbolic name");
            }
            List<String> known = file ? List.of(MODEL_VERSION) : List.of(VERSION, DIGEST, MODEL_VERSION);
            for (String attribute : clause.attributes().keySet()) {
                if (!known.contains(attribute)) {
                    throw new Clause.MalformedException("the attribute \"" + attribute + "\" is unknown"
                            + (file ? " for a file" : "") + ", only " + String.join(", ", known) + " may follow");
                }
            }
            String models = clause.attributes().get(MODEL_VERSION);
            VersionRange range = models == null ? null : models(models);
            return file
                    ? new OpPin("", null, "", range, inside(text, name))
                    : new OpPin(
                            name,
                            range(clause.attributes().get(VERSION)),
                            digest(clause.attributes().get(DIGEST)),
                            range,
                            "");
        } catch (Clause.MalformedException e) {
            throw new ConfigException(FIELD, "field " + FIELD + " has \"" + text + "\": " + e.getMessage() + ".", FORM);
        }
    }

    /**
     * Reads an entry that names no file.
     *
     * @param text such as {@code bsn;version='[1.0,2.0)'}
     * @return the pin
     * @throws ConfigException if it is malformed
     */
    public static OpPin parse(String text) throws ConfigException {
        return parse(text, false);
    }

    private static boolean isFileName(String name) {
        return name.contains("/") || name.endsWith(".so") || name.endsWith(".jar");
    }

    /** The path without detours. Where links lead to is checked when the file is read. */
    private static String inside(String text, String path) throws ConfigException {
        List<String> names = List.of(path.split("/", -1));
        if (path.startsWith("/") || path.indexOf('\0') >= 0 || names.contains("..")) {
            throw new ConfigException(
                    FIELD,
                    "field " + FIELD + " has \"" + text + "\", which is outside of the model's folder.",
                    "Copy the library into the model's folder, or deploy it as an op bundle and name that.");
        }
        return String.join(
                "/", names.stream().filter(n -> !n.isEmpty() && !n.equals(".")).toList());
    }

    private static VersionRange range(String value) throws Clause.MalformedException {
        if (value == null) {
            return null;
        }
        try {
            return new VersionRange(value);
        } catch (IllegalArgumentException e) {
            throw new Clause.MalformedException("\"" + value + "\" is no version range");
        }
    }

    private static String digest(String value) throws Clause.MalformedException {
        if (value == null) {
            return "";
        }
        if (!value.matches("[0-9a-f]{12,64}")) {
            throw new Clause.MalformedException(
                    "the digest \"" + value + "\" is not made of 12 to 64 characters 0-9 and a-f");
        }
        return value;
    }

    private static VersionRange models(String value) throws Clause.MalformedException {
        if (value.matches("[1-9][0-9]{0,8}")) {
            return new VersionRange("[" + value + "," + value + "]");
        }
        try {
            if (value.matches("[\\[(].*")) {
                return new VersionRange(value);
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new Clause.MalformedException(
                "\"" + value + "\" is no model version, which is a number such as 2 or a range such as [2,4)");
    }

    /**
     * Whether this entry names a library in the model's folder.
     *
     * @return false if it names a bundle
     */
    public boolean isFile() {
        return !file.isEmpty();
    }

    /**
     * Whether this entry holds for a version of the model.
     *
     * @param modelVersion number of the version
     * @return true if it does
     */
    public boolean holdsFor(long modelVersion) {
        // Numbers that do not fit into a Version are far above any that a range names.
        return models == null || models.includes(new Version((int) Math.min(modelVersion, Integer.MAX_VALUE), 0, 0));
    }

    /**
     * Whether this pin allows a version.
     *
     * @param version version of the ops
     * @return true if it is in the range
     */
    public boolean accepts(Version version) {
        return range == null || range.includes(version);
    }

    /**
     * Whether this pin allows a digest.
     *
     * @param actual digest of a library; empty if it is not known
     * @return true if it begins as it should, or is not known
     */
    public boolean acceptsDigest(String actual) {
        return actual.isEmpty() || actual.startsWith(digest);
    }

    /** Whether two entries name the same and hold for the same version of the model. */
    boolean clashes(OpPin other) {
        return bundle.equals(other.bundle)
                && file.equals(other.file)
                && (models == null
                        || other.models == null
                        || !models.intersection(other.models).isEmpty());
    }

    /** What it names. */
    String name() {
        return isFile() ? file : bundle;
    }
}
