package io.opgraft.tools.internal.wrap;

import io.opgraft.tools.internal.judge.Judge;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.osgi.framework.Version;

/** Plain libraries as material for a bundle. */
final class Plain {
    private static final Pattern SUFFIX = Pattern.compile("\\.so(\\..*)?$");
    private static final Version FIRST = new Version(1, 0, 0);

    private Plain() {}

    static Material read(WrapRequest request) {
        Set<Path> seen = new LinkedHashSet<>();
        List<Judge.Named> libraries = new ArrayList<>();
        for (Path file : request.files()) {
            if (seen.add(file.toAbsolutePath().normalize())) {
                libraries.add(new Judge.Named(file.toString(), file));
            }
        }
        return new Material(
                request.name() == null ? name(request.files().get(0)) : request.name(),
                request.version() == null ? FIRST : request.version(),
                Map.of(),
                Map.of(),
                libraries,
                true,
                null,
                Map.of(),
                Map.of(),
                List.of());
    }

    /** A symbolic name from a file name: {@code libmy-op.so.1} gives {@code my-op}. */
    static String name(Path file) {
        String stem = SUFFIX.matcher(String.valueOf(file.getFileName())).replaceFirst("");
        stem = stem.startsWith("lib") && stem.length() > 3 ? stem.substring(3) : stem;
        String clean = stem.replaceAll("[^A-Za-z0-9_-]+", "_");
        return clean.isEmpty() ? "ops" : clean;
    }
}
