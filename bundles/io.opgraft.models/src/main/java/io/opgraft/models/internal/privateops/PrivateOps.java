package io.opgraft.models.internal.privateops;

import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.Explanation.Reason;
import io.opgraft.models.internal.config.OpPin;
import io.opgraft.models.internal.resolve.OwnBundles;
import io.opgraft.ops.OpOrigin;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.osgi.framework.Constants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The op libraries that models bring along: bundles in their folders {@code ops}, and libraries that their configurations
 * name. Each is installed as a bundle for these models alone, once for equal bytes, and goes with the last of them. Used by
 * the deployer only.
 */
public final class PrivateOps {
    private static final Logger LOG = LoggerFactory.getLogger(PrivateOps.class);
    private static final String FOLDER = "ops";

    private final PrivateBundles bundles;
    private final Path folder;
    private final Wrapper wrapper;

    /** What each model brought: its paths by location. */
    private final Map<String, Map<String, String>> brought = new TreeMap<>();

    private final Map<String, Path> wrapped = new HashMap<>();

    /** Whether a killed server may have left files in {@link #folder}. */
    private boolean leftovers = true;

    /** The same as {@link #brought} from the other side; null if it must be made anew. */
    private Map<String, List<String>> owners;

    /**
     * Makes the keeper; nothing is installed or uninstalled yet.
     *
     * @param bundles installs the bundles
     * @param folder for wrapped libraries
     */
    public PrivateOps(PrivateBundles bundles, Path folder) {
        this.bundles = bundles;
        this.folder = folder;
        this.wrapper = new Wrapper(folder);
    }

    /** A file of a model cannot be used. The message is a whole sentence. */
    private static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1L;
        private final Kind kind;
        private final String file;
        private final String remedy;

        UnusableException(Kind kind, String file, String message, String remedy) {
            super(message);
            this.kind = kind;
            this.file = file;
            this.remedy = remedy;
        }

        Reason reason() {
            return new Reason(kind, "", file, getMessage(), remedy);
        }
    }

    /**
     * Installs what a model brings along, besides what it brought before: {@link #sweep} takes that away.
     *
     * @param model model name
     * @param directory its folder
     * @param pins what its configuration says
     * @param framework framework of the libraries that it names
     * @return what is wrong, or null; if something is wrong, what the model brought before counts
     */
    public Reason bring(String model, Path directory, List<OpPin> pins, String framework) {
        Map<String, String> files = new LinkedHashMap<>();
        try {
            for (OpPin pin : pins) {
                if (pin.isFile()) {
                    files.putIfAbsent(named(model, directory, pin.file(), framework), pin.file());
                }
            }
            for (String file : jars(model, directory)) {
                files.putIfAbsent(bundle(model, file, inside(model, directory, file)), file);
            }
        } catch (UnusableException e) {
            return e.reason();
        }
        if (!files.equals(brought.getOrDefault(model, Map.of()))) {
            LOG.info("model {} brings along {}", model, files.isEmpty() ? "no ops" : String.join(", ", files.values()));
        }
        if (files.isEmpty()) {
            brought.remove(model);
        } else {
            brought.put(model, files);
        }
        owners = null;
        return null;
    }

    /** The bundles in the folder {@code ops}, by path below the model's folder. */
    private static List<String> jars(String model, Path directory) throws UnusableException {
        Path ops = directory.resolve(FOLDER);
        if (!Files.isDirectory(ops)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(ops)) {
            return entries.map(entry -> String.valueOf(entry.getFileName()))
                    .filter(name -> name.endsWith(".jar") && !name.startsWith("."))
                    .sorted()
                    .map(name -> FOLDER + "/" + name)
                    .toList();
        } catch (IOException e) {
            throw new UnusableException(
                    Kind.LOAD_FAILED,
                    FOLDER,
                    "The folder ops of model " + model + " cannot be read: " + why(e) + ".",
                    "Check its owner and mode.");
        }
    }

    private String named(String model, Path directory, String file, String framework) throws UnusableException {
        Path path = inside(model, directory, file);
        if (file.endsWith(".jar")) {
            return bundle(model, file, path);
        }
        try {
            Path jar = wrapper.wrap(framework, file, path);
            String location = install(jar);
            wrapped.put(location, jar);
            return location;
        } catch (IOException | IllegalArgumentException e) {
            throw new UnusableException(
                    Kind.LOAD_FAILED,
                    file,
                    "The op library " + file + " of model " + model + " cannot be wrapped as a bundle: " + why(e) + ".",
                    "Replace it, or wrap it with the command opgraft wrap.");
        }
    }

    private String bundle(String model, String file, Path path) throws UnusableException {
        try {
            Files.createDirectories(folder);
            // A copy, so that what is hashed is what is installed.
            Path copy = Files.createTempFile(folder, "op-", ".part");
            try {
                Files.copy(path, copy, StandardCopyOption.REPLACE_EXISTING);
                checkBundle(copy);
                return install(copy);
            } finally {
                Files.deleteIfExists(copy);
            }
        } catch (IOException e) {
            throw new UnusableException(
                    Kind.LOAD_FAILED,
                    file,
                    "The op bundle " + file + " of model " + model + " cannot be installed: " + why(e) + ".",
                    "Replace it by an op bundle, such as the command opgraft wrap writes, or remove it.");
        }
    }

    private static void checkBundle(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            boolean named = file.getManifest() != null
                    && file.getManifest().getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME) != null;
            if (!named) {
                throw new IOException("it is no bundle, its manifest has no Bundle-SymbolicName");
            }
        }
    }

    private String install(Path jar) throws IOException {
        MessageDigest digest = Digests.sha256();
        Digests.read(jar, digest, OutputStream.nullOutputStream());
        String location = OpOrigin.PRIVATE_LOCATION + Digests.hex(digest);
        bundles.install(location, jar);
        return location;
    }

    /** The real path of a file of a model, which must be below the model's folder. */
    private static Path inside(String model, Path directory, String file) throws UnusableException {
        Path real;
        try {
            real = directory.resolve(file).toRealPath();
            if (!real.startsWith(directory.toRealPath())) {
                throw new UnusableException(
                        Kind.CONFIGURATION,
                        file,
                        "The op library " + file + " of model " + model + " is a link that leaves the model's folder.",
                        "Copy the file into the model's folder.");
            }
        } catch (IOException e) {
            throw new UnusableException(
                    Kind.CONFIGURATION,
                    file,
                    "config.pbtxt of model " + model + " names the op library " + file + ", but "
                            + (e instanceof NoSuchFileException
                                    ? "there is no such file in the model's folder."
                                    : "it cannot be read: " + why(e) + "."),
                    "Put the file there, or change model_operations.");
        }
        if (!Files.isRegularFile(real)) {
            throw new UnusableException(
                    Kind.CONFIGURATION,
                    file,
                    "The op library " + file + " of model " + model + " is no file.",
                    "Name the library itself.");
        }
        return real;
    }

    private static String why(Exception e) {
        String text = String.valueOf(e.getMessage()).strip();
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    /**
     * A model brings nothing along any more.
     *
     * @param model model name
     */
    public void forget(String model) {
        if (brought.remove(model) != null) {
            owners = null;
        }
    }

    /**
     * The private bundles as one model sees them.
     *
     * @param model model name
     * @return its own, and who owns which
     */
    public OwnBundles own(String model) {
        if (owners == null) {
            Map<String, List<String>> found = new HashMap<>();
            brought.forEach((name, files) -> files.keySet()
                    .forEach(location -> found.computeIfAbsent(location, l -> new ArrayList<>())
                            .add(name)));
            owners = found;
        }
        return new OwnBundles(brought.getOrDefault(model, Map.of()), owners);
    }

    /**
     * Uninstalls the private bundles that no model brings along and nothing uses.
     *
     * @param inUse locations of the bundles of what serves
     */
    public void sweep(Set<String> inUse) {
        Set<String> needed = new TreeSet<>(inUse);
        brought.values().forEach(files -> needed.addAll(files.keySet()));
        Set<String> unneeded = new TreeSet<>(bundles.installed());
        unneeded.removeAll(needed);
        for (String location : unneeded) {
            LOG.info("the op bundle {} is uninstalled, no model brings it along any more", location);
            bundles.uninstall(location);
        }
        if (wrapped.keySet().retainAll(needed) || leftovers) {
            leftovers = false;
            try {
                wrapper.keep(new LinkedHashSet<>(wrapped.values()));
            } catch (IOException e) {
                LOG.warn("{} cannot be cleaned up: {}", folder, e.toString());
            }
        }
    }
}
