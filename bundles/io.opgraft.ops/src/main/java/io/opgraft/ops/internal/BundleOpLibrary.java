package io.opgraft.ops.internal;

import io.opgraft.op.OpFile;
import io.opgraft.op.OpLibrary;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.osgi.framework.Bundle;

/** The service that stands for one capability of a bundle without code. */
record BundleOpLibrary(String framework, List<String> ops, OpFile library, List<OpFile> helpers) implements OpLibrary {
    /** Takes all other entries of the library's platform folder as its helpers. */
    static BundleOpLibrary of(Bundle bundle, Declared declared) {
        String entry = declared.library();
        int slash = entry.indexOf('/', entry.indexOf('/') + 1);
        String folder = entry.substring(0, slash + 1);
        List<OpFile> helpers = new ArrayList<>();
        addFiles(bundle, folder, folder, entry, helpers);
        OpFile library = new OpFile(entry.substring(folder.length()), bundle.getEntry(entry));
        return new BundleOpLibrary(
                declared.candidate().framework(), declared.candidate().ops(), library, List.copyOf(helpers));
    }

    private static void addFiles(Bundle bundle, String root, String folder, String library, List<OpFile> files) {
        Enumeration<String> paths = bundle.getEntryPaths(folder);
        for (String path : paths == null ? List.<String>of() : Collections.list(paths)) {
            if (path.endsWith("/")) {
                addFiles(bundle, root, path, library, files);
            } else if (!path.equals(library)) {
                URL content = bundle.getEntry(path);
                if (content != null) {
                    files.add(new OpFile(path.substring(root.length()), content));
                }
            }
        }
    }
}
