package io.opgraft.ops.internal;

import io.opgraft.op.OpFile;
import io.opgraft.op.OpLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The files of one folder, as a bundle delivers them.
 *
 * @param files by relative path
 * @param libraries those of them that are op libraries, in order
 */
record Delivery(Map<String, Content> files, List<String> libraries) {
    /** Where the bytes of a file come from. */
    interface Content {
        InputStream open() throws IOException;
    }

    static Delivery of(Map<String, Content> files, List<String> libraries) throws RefusedException {
        for (String path : files.keySet()) {
            if (!SafePaths.isSafe(path)) {
                throw new RefusedException("the path of its file " + path.replaceAll("\\p{Cntrl}", "?")
                        + " is not relative and plain; use one such as lib/libhelper.so");
            }
        }
        return new Delivery(new TreeMap<>(files), new ArrayList<>(new TreeSet<>(libraries)));
    }

    /** What an op service delivers. */
    static Delivery of(OpLibrary service) throws RefusedException {
        Map<String, Content> files = new TreeMap<>();
        OpFile library = service.library();
        files.put(library.path(), library::open);
        for (OpFile helper : service.helpers()) {
            if (files.put(helper.path(), helper::open) != null) {
                throw new RefusedException("two of its files are called " + helper.path() + "; give each its own path");
            }
        }
        return of(files, List.of(library.path()));
    }
}
