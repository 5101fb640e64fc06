package io.opgraft.tools.internal.wrap;

import io.opgraft.tools.internal.UsageException;
import io.opgraft.tools.internal.files.FrameworkGuess;
import io.opgraft.tools.internal.wheel.PythonVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Version;

/**
 * What the command line asks for.
 *
 * @param files libraries, or one wheel
 * @param name symbolic name; null if it is not given
 * @param version version; null if it is not given
 * @param output the bundle to write; null if it is not given
 * @param framework framework of the ops
 * @param resources place in the bundle, or an empty text for the default, by file
 * @param force whether the output may be replaced
 */
record WrapRequest(
        List<Path> files,
        String name,
        Version version,
        Path output,
        String framework,
        Map<Path, String> resources,
        boolean force) {
    static final String USAGE = "Usage: opgraft wrap (LIB.so... | F.whl) [--name BSN] [--version V] [--output F.jar]"
            + " [--force] [--resource FILE[=PATH]]... [--framework tensorflow|tensorrt]";

    static WrapRequest parse(List<String> arguments) throws UsageException {
        List<Path> files = new ArrayList<>();
        Map<Path, String> resources = new LinkedHashMap<>();
        String name = null;
        Version version = null;
        Path output = null;
        String framework = null;
        boolean force = false;
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            switch (argument) {
                case "--name" -> name = value(argument, rest);
                case "--version" -> version = version(value(argument, rest));
                case "--output" -> output = Path.of(value(argument, rest));
                case "--framework" -> framework = value(argument, rest);
                case "--resource" -> addResource(resources, value(argument, rest));
                case "--force" -> force = true;
                case "--" -> rest.forEachRemaining(file -> files.add(Path.of(file)));
                default -> {
                    if (argument.startsWith("-")) {
                        throw new UsageException("wrap has no option " + argument + ".");
                    }
                    files.add(Path.of(argument));
                }
            }
        }
        if (files.isEmpty()) {
            throw new UsageException("wrap needs a library or a wheel.");
        }
        if (files.size() > 1 && files.stream().anyMatch(WrapRequest::isWheel)) {
            throw new UsageException("wrap takes either libraries or one wheel.");
        }
        if (framework == null) {
            framework = FrameworkGuess.of(files.get(0));
        }
        return new WrapRequest(files, name, version, output, framework, resources, force);
    }

    private static String value(String option, Iterator<String> rest) throws UsageException {
        if (!rest.hasNext()) {
            throw new UsageException(option + " needs a value.");
        }
        return rest.next();
    }

    private static Version version(String text) throws UsageException {
        try {
            return Version.parseVersion(text);
        } catch (IllegalArgumentException notOsgi) {
            try {
                return PythonVersion.parse(text).toOsgi();
            } catch (IllegalArgumentException e) {
                throw new UsageException("--version is " + text + ", expected one such as 1.2.0.");
            }
        }
    }

    /** A file name may hold an equals sign: the file decides. */
    private static void addResource(Map<Path, String> resources, String text) {
        int equals = text.lastIndexOf('=');
        if (equals < 0 || Files.exists(Path.of(text))) {
            resources.put(Path.of(text), "");
        } else {
            resources.put(Path.of(text.substring(0, equals)), text.substring(equals + 1));
        }
    }

    static boolean isWheel(Path file) {
        return file.toString().endsWith(".whl");
    }

    boolean wheel() {
        return isWheel(files.get(0));
    }
}
