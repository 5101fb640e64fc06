package io.opgraft.tools.internal.wheel;

import io.opgraft.tools.internal.FailureException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * An unpacked wheel. The file is not trusted: names that lead out of it and absurd sizes are refused.
 *
 * @param metadata its description
 * @param root the folder that stands for Python's package folder
 * @param files what was unpacked, by path below the root
 * @param documents licences and description, by file name
 * @param skipped how many files of each kind were not unpacked
 */
public record Wheel(
        WheelMetadata metadata,
        Path root,
        Map<String, Path> files,
        Map<String, Path> documents,
        Map<String, Integer> skipped) {
    private static final Pattern DATA = Pattern.compile("[^/]+\\.data/(?:purelib|platlib)/(.+)");
    private static final Pattern NOT_INSTALLED = Pattern.compile("[^/]+\\.data/.*");
    private static final Pattern INFO = Pattern.compile("[^/]+\\.dist-info/(.+)");
    private static final Pattern DOCUMENT =
            Pattern.compile("(?i)(.*/)?((license|licence|notice|copying|authors)[^/]*)");
    private static final Pattern PYTHON = Pattern.compile("(?i).*\\.(py|pyc|pyi|pyx|pxd|typed)|.*/__pycache__/.*");
    private static final Pattern BUILD = Pattern.compile("(?i).*\\.(h|hh|hpp|inc|cuh|cc|cpp|cu|proto|a|lib|cmake)");
    private static final int MOST_ENTRIES = 200_000;
    private static final long MOST_BYTES = 16L << 30;

    /** Takes copies that keep the order. */
    public Wheel {
        files = Collections.unmodifiableMap(new TreeMap<>(files));
        documents = Collections.unmodifiableMap(new TreeMap<>(documents));
        skipped = Collections.unmodifiableMap(new TreeMap<>(skipped));
    }

    /**
     * Unpacks what a server could use.
     *
     * @param file the wheel
     * @param folder an empty folder
     * @return the wheel
     * @throws FailureException if it is no wheel, or is one for another machine
     * @throws IOException if it cannot be read or unpacked
     */
    public static Wheel unpack(Path file, Path folder) throws FailureException, IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            List<? extends ZipEntry> entries = zip.stream()
                    .filter(entry -> !entry.isDirectory())
                    .limit(MOST_ENTRIES + 1L)
                    .toList();
            if (entries.size() > MOST_ENTRIES) {
                throw new FailureException("it has more than " + MOST_ENTRIES + " files");
            }
            WheelMetadata metadata = WheelMetadata.parse(text(zip, entries, "METADATA"));
            checkMachine(text(zip, entries, "WHEEL"));
            return new Unpacking(zip, folder).unpack(entries, metadata);
        } catch (ZipException e) {
            throw new FailureException("it is no whole zip file (" + e.getMessage() + "); download it again");
        }
    }

    private static String text(ZipFile zip, List<? extends ZipEntry> entries, String name)
            throws FailureException, IOException {
        for (ZipEntry entry : entries) {
            Matcher info = INFO.matcher(entry.getName());
            if (info.matches() && info.group(1).equals(name)) {
                try (InputStream in = zip.getInputStream(entry)) {
                    return new String(in.readNBytes(1 << 20), StandardCharsets.UTF_8);
                }
            }
        }
        throw new FailureException("it has no *.dist-info/" + name + ", so it is no wheel");
    }

    private static void checkMachine(String wheel) throws FailureException {
        String arch = System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
        List<String> platforms = wheel.lines()
                .filter(line -> line.startsWith("Tag:"))
                .map(line -> line.substring(line.lastIndexOf('-') + 1).strip())
                .toList();
        boolean fits = platforms.isEmpty()
                || platforms.stream()
                        .anyMatch(tag -> tag.equals("any") || (tag.contains("linux") && tag.endsWith("_" + arch)));
        if (!fits) {
            throw new FailureException("it is for " + String.join(", ", platforms) + ", this machine is linux " + arch
                    + "; download the wheel for this machine");
        }
    }

    /** The work under way. */
    private static final class Unpacking {
        private final ZipFile zip;
        private final Path folder;
        private final Map<String, Path> files = new TreeMap<>();
        private final Map<String, Path> documents = new TreeMap<>();
        private final Map<String, Integer> skipped = new TreeMap<>();
        private long bytes;

        Unpacking(ZipFile zip, Path folder) {
            this.zip = zip;
            this.folder = folder;
        }

        Wheel unpack(List<? extends ZipEntry> entries, WheelMetadata metadata) throws FailureException, IOException {
            Path root = Files.createDirectory(folder.resolve("root"));
            Path papers = Files.createDirectory(folder.resolve("documents"));
            for (ZipEntry entry : entries) {
                Matcher data = DATA.matcher(entry.getName());
                Matcher info = INFO.matcher(entry.getName());
                String path = data.matches() ? data.group(1) : entry.getName();
                checkPath(path);
                if (info.matches()) {
                    Matcher document = DOCUMENT.matcher(info.group(1));
                    if (document.matches() && !documents.containsKey(document.group(2))) {
                        documents.put(document.group(2), copy(entry, papers.resolve(document.group(2))));
                    }
                } else if (!data.matches() && NOT_INSTALLED.matcher(path).matches()) {
                    skipped.merge("scripts and headers", 1, Integer::sum);
                } else if (PYTHON.matcher(path).matches()) {
                    skipped.merge("Python files", 1, Integer::sum);
                } else if (BUILD.matcher(path).matches()) {
                    skipped.merge("sources, headers and static libraries", 1, Integer::sum);
                } else {
                    files.put(path, copy(entry, root.resolve(path)));
                }
            }
            return new Wheel(metadata, root, files, documents, skipped);
        }

        private static void checkPath(String path) throws FailureException {
            boolean safe = path.chars().allMatch(c -> c >= ' ' && c != '\\' && c != 0x7f)
                    && Arrays.stream(path.split("/", -1))
                            .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
            if (!safe) {
                throw new FailureException("it has a file with the path " + path.replaceAll("\\p{Cntrl}", "?")
                        + ", which leads out of it or cannot be written");
            }
        }

        private Path copy(ZipEntry entry, Path file) throws FailureException, IOException {
            Files.createDirectories(file.getParent());
            try (InputStream in = zip.getInputStream(entry);
                    OutputStream out = Files.newOutputStream(file)) {
                byte[] buffer = new byte[1 << 16];
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    bytes += count;
                    if (bytes > MOST_BYTES) {
                        throw new FailureException(
                                String.format(Locale.ROOT, "it holds more than %d GiB", MOST_BYTES >> 30));
                    }
                    out.write(buffer, 0, count);
                }
            }
            return file;
        }
    }
}
