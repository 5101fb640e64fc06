package io.opgraft.tools.internal.wheel;

import io.opgraft.tools.internal.FailureException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The description of a wheel, its {@code METADATA}.
 *
 * @param name of the distribution, such as {@code tensorflow-text}
 * @param version its version
 * @param summary one line, or empty
 * @param licence short name, or empty
 * @param vendor author or maintainer, or empty
 * @param home web page, or empty
 * @param requirements what it needs, one {@code Requires-Dist} each
 */
public record WheelMetadata(
        String name,
        String version,
        String summary,
        String licence,
        String vendor,
        String home,
        List<String> requirements) {
    private static final Pattern HEADER = Pattern.compile("([A-Za-z][A-Za-z-]*):(.*)");
    private static final Pattern REQUIREMENT =
            Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]*)\\s*(?:\\[[^]]*])?\\s*([^;]*)(?:;(.*))?");
    private static final Pattern OTHER_MACHINE =
            Pattern.compile("\\bextra\\b|==\\s*[\"'](darwin|win32|windows|arm64|aarch64|cygwin)[\"']");
    private static final int SHORT = 100;
    private static final String CLASSIFIER = "License :: ";

    /** Takes a copy. */
    public WheelMetadata {
        requirements = List.copyOf(requirements);
    }

    /**
     * Reads the file.
     *
     * @param text its text
     * @return the description
     * @throws FailureException if it has no name or version
     */
    public static WheelMetadata parse(String text) throws FailureException {
        Map<String, List<String>> headers = headers(text);
        String name = first(headers, "name");
        String version = first(headers, "version");
        if (name.isEmpty() || version.isEmpty()) {
            throw new FailureException("its METADATA has no Name or Version, so it is no wheel");
        }
        return new WheelMetadata(
                name,
                version,
                line(first(headers, "summary")),
                licence(headers),
                vendor(headers),
                home(headers),
                headers.getOrDefault("requires-dist", List.of()));
    }

    private static Map<String, List<String>> headers(String text) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        List<String> current = null;
        for (String line : text.split("\\R", -1)) {
            if (line.isEmpty()) {
                break;
            }
            Matcher header = HEADER.matcher(line);
            if (Character.isWhitespace(line.charAt(0))) {
                if (current != null) {
                    current.set(current.size() - 1, current.get(current.size() - 1) + "\n" + line.strip());
                }
            } else if (header.matches()) {
                current = headers.computeIfAbsent(header.group(1).toLowerCase(Locale.ROOT), key -> new ArrayList<>());
                current.add(header.group(2).strip());
            }
        }
        return headers;
    }

    private static String first(Map<String, List<String>> headers, String name) {
        String value = headers.getOrDefault(name, List.of("")).get(0);
        return value.equals("UNKNOWN") ? "" : value;
    }

    private static String line(String value) {
        return value.lines().findFirst().orElse("");
    }

    /** Some put the whole text of the licence into the header, whose first line is its title. */
    private static String licence(Map<String, List<String>> headers) {
        String expression = first(headers, "license-expression");
        String text = expression.isEmpty() ? line(first(headers, "license")) : expression;
        if (!text.isEmpty() && text.length() <= SHORT) {
            return text;
        }
        return headers.getOrDefault("classifier", List.of()).stream()
                .filter(classifier -> classifier.startsWith(CLASSIFIER))
                .map(classifier -> classifier.substring(classifier.lastIndexOf(":: ") + 3))
                .findFirst()
                .orElse("");
    }

    private static String vendor(Map<String, List<String>> headers) {
        for (String name : List.of("author", "maintainer", "author-email", "maintainer-email")) {
            String value = line(first(headers, name));
            if (!value.isEmpty()) {
                return value;
            }
        }
        return "";
    }

    private static String home(Map<String, List<String>> headers) {
        String home = first(headers, "home-page");
        if (!home.isEmpty()) {
            return home;
        }
        // Label, comma, address.
        return headers.getOrDefault("project-url", List.of()).stream()
                .map(value -> value.substring(value.indexOf(',') + 1).strip())
                .findFirst()
                .orElse("");
    }

    /**
     * Which versions of one of several distributions it needs on this machine, leaving out what optional features need.
     *
     * @param names distributions that mean the same, in lower case
     * @return null if it needs none of them
     * @throws IllegalArgumentException if the range cannot be read
     */
    public VersionSpecifier requirement(List<String> names) {
        for (String requirement : requirements) {
            Matcher parts = REQUIREMENT.matcher(requirement);
            if (parts.matches()
                    && names.contains(parts.group(1).toLowerCase(Locale.ROOT).replace('_', '-'))
                    && (parts.group(3) == null
                            || !OTHER_MACHINE
                                    .matcher(parts.group(3).toLowerCase(Locale.ROOT))
                                    .find())) {
                return VersionSpecifier.parse(parts.group(2));
            }
        }
        return null;
    }

    /**
     * The symbolic name of the bundle: {@code org.pypi.} and the name as Python's own tools write it for folders.
     *
     * @return such as {@code org.pypi.tensorflow_text}
     */
    public String symbolicName() {
        return "org.pypi." + name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
    }
}
