package io.opgraft.tools.internal.wrap;

import io.opgraft.elf.ElfFile;
import io.opgraft.tools.internal.FailureException;
import io.opgraft.tools.internal.files.WorkFolder;
import io.opgraft.tools.internal.wheel.PythonVersion;
import io.opgraft.tools.internal.wheel.VersionSpecifier;
import io.opgraft.tools.internal.wheel.Wheel;
import io.opgraft.tools.internal.wheel.WheelLibraries;
import io.opgraft.tools.internal.wheel.WheelMetadata;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/** A wheel as material for a bundle. */
final class FromWheel {
    private static final Map<String, List<String>> DISTRIBUTIONS =
            Map.of("tensorflow", List.of("tensorflow", "tensorflow-cpu", "tensorflow-gpu", "tensorflow-intel"));
    private static final int MICROS = 100;

    private FromWheel() {}

    static Material read(WrapRequest request, String frameworkVersion, WorkFolder work)
            throws FailureException, IOException {
        Path file = request.files().get(0);
        Wheel wheel;
        try {
            wheel = Wheel.unpack(file, work.next());
        } catch (FailureException e) {
            throw new FailureException(file + " cannot be wrapped: " + e.getMessage() + ".");
        }
        WheelMetadata metadata = wheel.metadata();
        List<String> notes = new ArrayList<>();
        Map<String, String> attributes = new TreeMap<>();
        checkFramework(request.framework(), frameworkVersion, metadata, attributes, notes);
        WheelLibraries libraries = WheelLibraries.of(wheel, request.framework());
        if (libraries.candidates().isEmpty()) {
            throw new FailureException(file + " cannot be wrapped: it has no library that uses " + request.framework()
                    + "; a package of Python code alone needs no op bundle.");
        }
        if (!libraries.modules().isEmpty()) {
            notes.add("left out: modules for the Python interpreter: " + String.join(", ", libraries.modules()));
        }
        wheel.skipped().forEach((what, count) -> notes.add("left out: " + count + " " + what));
        Map<String, Path> data = new TreeMap<>();
        for (Map.Entry<String, Path> entry : wheel.files().entrySet()) {
            if (!ElfFile.isElf(entry.getValue())) {
                data.put(entry.getKey(), entry.getValue());
            }
        }
        Map<String, Path> documents = new TreeMap<>();
        wheel.documents().forEach((name, path) -> documents.put("META-INF/wheel/" + name, path));
        return new Material(
                request.name() == null ? metadata.symbolicName() : request.name(),
                request.version() == null ? version(metadata) : request.version(),
                headers(metadata),
                attributes,
                libraries.candidates(),
                false,
                wheel.root(),
                data,
                documents,
                notes);
    }

    private static Version version(WheelMetadata metadata) throws FailureException {
        try {
            return PythonVersion.parse(metadata.version()).toOsgi();
        } catch (IllegalArgumentException e) {
            throw new FailureException(
                    "The version of the wheel cannot be used: " + e.getMessage() + "; give one with --version.");
        }
    }

    private static Map<String, String> headers(WheelMetadata metadata) {
        Map<String, String> headers = new LinkedHashMap<>();
        put(headers, Constants.BUNDLE_NAME, metadata.name() + " " + metadata.version());
        put(headers, Constants.BUNDLE_DESCRIPTION, metadata.summary());
        put(headers, Constants.BUNDLE_VENDOR, metadata.vendor());
        put(headers, "Bundle-License", metadata.licence());
        put(headers, Constants.BUNDLE_DOCURL, metadata.home());
        return headers;
    }

    private static void put(Map<String, String> headers, String name, String value) {
        if (!value.isEmpty()) {
            headers.put(name, value);
        }
    }

    /** Releases of one minor version fit each other's libraries; others do not, even if all symbols are there. */
    private static void checkFramework(
            String framework,
            String version,
            WheelMetadata metadata,
            Map<String, String> attributes,
            List<String> notes)
            throws FailureException {
        List<String> names = DISTRIBUTIONS.getOrDefault(framework, List.of(framework));
        VersionSpecifier range;
        try {
            range = metadata.requirement(names);
        } catch (IllegalArgumentException e) {
            notes.add("the wheel's requirement of " + framework + " cannot be read: " + e.getMessage());
            return;
        }
        if (range == null || range.toString().isEmpty()) {
            notes.add("the wheel does not say which " + framework + " it was made for; the trial load shows only that"
                    + " all symbols are there");
            return;
        }
        attributes.put("frameworkRange", range.toString());
        PythonVersion here = PythonVersion.parse(version);
        if (range.contains(here)) {
            return;
        }
        Version minor = here.toOsgi();
        for (int micro = 0; micro < MICROS; micro++) {
            if (range.contains(PythonVersion.parse(minor.getMajor() + "." + minor.getMinor() + "." + micro))) {
                notes.add("warning: the wheel asks for " + framework + range + ", here is " + version + "; releases of "
                        + minor.getMajor() + "." + minor.getMinor() + " usually fit each other");
                return;
            }
        }
        throw new FailureException(metadata.name() + " " + metadata.version() + " cannot be wrapped: it asks for "
                + framework + range + ", here is " + version + "; take a release that was made for "
                + minor.getMajor() + "." + minor.getMinor() + ".");
    }
}
