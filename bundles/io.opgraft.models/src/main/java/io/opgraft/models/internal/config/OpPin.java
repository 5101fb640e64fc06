package io.opgraft.models.internal.config;

import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;

/**
 * One entry of {@code model_operations.op_library_filename}: a bundle that the model takes its ops from.
 *
 * @param bundle symbolic name
 * @param range versions that the model accepts; null for every version
 */
public record OpPin(String bundle, VersionRange range) {
    private static final String FIELD = "model_operations.op_library_filename";
    private static final String FORM = "Write it as io.acme.addsub or io.acme.addsub;version='[1.0,2.0)'.";

    /**
     * Reads one entry.
     *
     * @param text {@code bsn} or {@code bsn;version='[1.0,2.0)'}
     * @return the pin
     * @throws ConfigException if it is a file or malformed
     */
    public static OpPin parse(String text) throws ConfigException {
        int semicolon = text.indexOf(';');
        String name = (semicolon < 0 ? text : text.substring(0, semicolon)).strip();
        if (name.contains("/") || name.endsWith(".so")) {
            throw new ConfigException(
                    FIELD,
                    "field " + FIELD + " names the file \"" + text
                            + "\", but libraries beside a model are not supported.",
                    "Wrap it as an op bundle, deploy that, and name the bundle here.");
        }
        if (!name.matches("[A-Za-z0-9_.-]+")) {
            throw malformed(text, "\"" + name + "\" is no bundle symbolic name");
        }
        return new OpPin(name, semicolon < 0 ? null : range(text, text.substring(semicolon + 1)));
    }

    private static VersionRange range(String text, String attribute) throws ConfigException {
        int equal = attribute.indexOf('=');
        if (equal < 0 || !attribute.substring(0, equal).strip().equals("version")) {
            throw malformed(text, "only the attribute \"version\" may follow the name");
        }
        String value = attribute.substring(equal + 1).strip();
        if (value.length() >= 2 && (value.charAt(0) == '\'' || value.charAt(0) == '"')) {
            if (value.charAt(value.length() - 1) != value.charAt(0)) {
                throw malformed(text, "a quotation mark is missing");
            }
            value = value.substring(1, value.length() - 1);
        }
        try {
            return new VersionRange(value);
        } catch (IllegalArgumentException e) {
            throw malformed(text, "\"" + value + "\" is no version range");
        }
    }

    private static ConfigException malformed(String text, String why) {
        return new ConfigException(FIELD, "field " + FIELD + " has \"" + text + "\": " + why + ".", FORM);
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
}
