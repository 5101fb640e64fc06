package io.opgraft.tools.internal.wheel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Version;

/** A version as Python packages have it (PEP 440), such as {@code 2.18.1rc1}; ordered as Python orders them. */
public final class PythonVersion implements Comparable<PythonVersion> {
    private static final Pattern FORM = Pattern.compile("v?(?:(\\d+)!)?(\\d+(?:\\.\\d+)*)"
            + "(?:[-_.]?(alpha|beta|preview|pre|rc|a|b|c)[-_.]?(\\d*))?"
            + "(?:-(\\d+)|[-_.]?(?:post|rev|r)[-_.]?(\\d*))?"
            + "(?:[-_.]?(dev)[-_.]?(\\d*))?"
            + "(?:\\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?");
    private static final int LONGEST = 9;

    private final long[] key;
    private final List<Integer> release;
    private final Version osgi;

    private PythonVersion(Matcher form) {
        release = Arrays.stream(form.group(2).split("\\."))
                .map(PythonVersion::number)
                .toList();
        String pre = form.group(3) == null ? "" : normalized(form.group(3));
        boolean post = form.group(5) != null || form.group(6) != null;
        boolean dev = form.group(7) != null;
        long postNumber = post ? number(form.group(5) == null ? form.group(6) : form.group(5)) : -1;
        int longest = Math.max(LONGEST, release.size());
        key = new long[longest + 4];
        key[0] = number(form.group(1));
        for (int i = 0; i < release.size(); i++) {
            key[1 + i] = release.get(i);
        }
        // A bare development release comes before all, a final one after its candidates.
        long rank = pre.isEmpty()
                ? (dev && !post ? 0 : 4)
                : 1 + List.of("a", "b", "rc").indexOf(pre);
        key[longest + 1] = rank * (1L << 32) + (pre.isEmpty() ? 0 : number(form.group(4)));
        key[longest + 2] = postNumber;
        key[longest + 3] = dev ? number(form.group(8)) : Long.MAX_VALUE;
        osgi = osgi(release, qualifier(form, pre, postNumber, dev));
    }

    private static String normalized(String pre) {
        return switch (pre) {
            case "alpha" -> "a";
            case "beta" -> "b";
            case "c", "pre", "preview" -> "rc";
            default -> pre;
        };
    }

    private static int number(String digits) {
        return digits == null || digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }

    private static String qualifier(Matcher form, String pre, long post, boolean dev) {
        List<String> parts = new ArrayList<>();
        if (!pre.isEmpty()) {
            parts.add(pre + number(form.group(4)));
        }
        if (post >= 0) {
            parts.add("post" + post);
        }
        if (dev) {
            parts.add("dev" + number(form.group(8)));
        }
        if (form.group(9) != null) {
            parts.add(form.group(9).replace('.', '_'));
        }
        return String.join("_", parts);
    }

    private static Version osgi(List<Integer> release, String rest) {
        List<String> parts = new ArrayList<>();
        for (int i = 3; i < release.size(); i++) {
            parts.add(release.get(i).toString());
        }
        if (!rest.isEmpty()) {
            parts.add(rest);
        }
        return new Version(
                release.get(0),
                release.size() > 1 ? release.get(1) : 0,
                release.size() > 2 ? release.get(2) : 0,
                String.join("_", parts));
    }

    /**
     * Reads a version.
     *
     * @param text the version
     * @return the version
     * @throws IllegalArgumentException if it is none
     */
    public static PythonVersion parse(String text) {
        Matcher form = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            throw new IllegalArgumentException(text + " is no version of a Python package, such as 2.18.1");
        }
        try {
            return new PythonVersion(form);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(text + " has a number that is too large", e);
        }
    }

    /**
     * As an OSGi version: three numbers, and the rest as the qualifier. OSGi orders qualifiers after the bare version, so
     * that a candidate counts as newer than its final release.
     *
     * @return such as {@code 2.18.1.rc1}
     */
    public Version toOsgi() {
        return osgi;
    }

    /** The numbers of the release. */
    List<Integer> release() {
        return release;
    }

    @Override
    public int compareTo(PythonVersion other) {
        int longest = Math.max(key.length, other.key.length);
        return Arrays.compare(widened(longest), other.widened(longest));
    }

    private long[] widened(int length) {
        long[] wide = new long[length];
        System.arraycopy(key, 0, wide, 0, key.length - 3);
        System.arraycopy(key, key.length - 3, wide, length - 3, 3);
        return wide;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PythonVersion version && compareTo(version) == 0;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(Arrays.copyOf(key, LONGEST));
    }
}
