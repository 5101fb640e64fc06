package io.opgraft.ops.internal;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.framework.Bundle;

/** The entries of installed bundles. */
final class BundleFiles {
    private BundleFiles() {}

    /** All files below a folder, by their paths in it. */
    static Map<String, URL> entries(Bundle bundle, String folder) {
        Map<String, URL> files = new TreeMap<>();
        add(bundle, folder, folder, files);
        return files;
    }

    private static void add(Bundle bundle, String root, String folder, Map<String, URL> files) {
        Enumeration<String> paths = bundle.getEntryPaths(folder);
        for (String path : paths == null ? List.<String>of() : Collections.list(paths)) {
            if (path.endsWith("/")) {
                add(bundle, root, path, files);
            } else {
                URL content = bundle.getEntry(path);
                if (content != null) {
                    files.put(path.substring(root.length()), content);
                }
            }
        }
    }

    /** What of a folder was copied before, or else its files. */
    static StoredFolder take(CopyStore store, Bundle bundle, String folder, List<Declared> libraries)
            throws RefusedException, IOException {
        List<String> paths =
                libraries.stream().map(Declared::path).distinct().sorted().toList();
        String key = KnownBundles.key(bundle, folder + "\n" + String.join("\n", paths));
        StoredFolder known = store.take(key);
        if (known != null) {
            return known;
        }
        Map<String, Delivery.Content> files = new TreeMap<>();
        entries(bundle, folder).forEach((path, url) -> files.put(path, url::openStream));
        List<String> there = paths.stream().filter(files::containsKey).toList();
        if (there.isEmpty()) {
            throw new RefusedException(libraries.get(0).absent());
        }
        return store.take(Delivery.of(files, there), key);
    }
}
