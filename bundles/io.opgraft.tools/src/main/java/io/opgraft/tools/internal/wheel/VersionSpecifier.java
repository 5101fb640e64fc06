package io.opgraft.tools.internal.wheel;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which versions a requirement takes (PEP 440), such as {@code <2.19,>=2.18.0}; all parts must hold. */
public final class VersionSpecifier {
    private static final Pattern CLAUSE = Pattern.compile("(===|==|!=|~=|<=|>=|<|>)\\s*(\\S+)");
    private static final String ANY_MICRO = ".*";

    private final String text;
    private final List<Clause> clauses;

    private record Clause(String operator, boolean prefix, PythonVersion version) {
        boolean holds(PythonVersion candidate) {
            int order = candidate.compareTo(version);
            return switch (operator) {
                case "==", "===" -> prefix ? begins(candidate, version.release().size()) : order == 0;
                case "!=" -> prefix ? !begins(candidate, version.release().size()) : order != 0;
                case "~=" -> order >= 0 && begins(candidate, version.release().size() - 1);
                case "<" -> order < 0;
                case "<=" -> order <= 0;
                case ">" -> order > 0;
                default -> order >= 0;
            };
        }

        private boolean begins(PythonVersion candidate, int numbers) {
            for (int i = 0; i < numbers; i++) {
                List<Integer> release = candidate.release();
                int have = i < release.size() ? release.get(i) : 0;
                if (have != version.release().get(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    private VersionSpecifier(String text, List<Clause> clauses) {
        this.text = text;
        this.clauses = clauses;
    }

    /**
     * Reads a specifier.
     *
     * @param text with or without parentheses; empty takes all versions
     * @return the specifier
     * @throws IllegalArgumentException if it is none
     */
    public static VersionSpecifier parse(String text) {
        String plain = text.strip().replaceAll("^\\(|\\)$", "").strip();
        List<Clause> clauses = Stream.of(plain.split(",", -1))
                .map(String::strip)
                .filter(clause -> !clause.isEmpty())
                .map(VersionSpecifier::clause)
                .toList();
        return new VersionSpecifier(plain.replaceAll("\\s+", ""), clauses);
    }

    private static Clause clause(String text) {
        Matcher clause = CLAUSE.matcher(text);
        if (!clause.matches()) {
            throw new IllegalArgumentException(text + " is no range of versions, such as >=2.18");
        }
        String version = clause.group(2);
        boolean prefix = version.endsWith(ANY_MICRO);
        return new Clause(
                clause.group(1),
                prefix,
                PythonVersion.parse(prefix ? version.substring(0, version.length() - ANY_MICRO.length()) : version));
    }

    /**
     * Whether a version is taken.
     *
     * @param version the version
     * @return true if all parts hold
     */
    public boolean contains(PythonVersion version) {
        return clauses.stream().allMatch(clause -> clause.holds(version));
    }

    /** As it was written, without spaces. */
    @Override
    public String toString() {
        return text;
    }
}
