package io.opgraft.ops;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Judges op libraries that are not installed, by the same rules as installed ones. Safe for use by many threads. */
@ProviderType
public interface OpInspector {
    /**
     * Judges a bundle as if it were installed and started.
     *
     * @param bundle a jar with {@code opgraft.op} capabilities
     * @return one provider for each op library, ACTIVE or REFUSED, with bundle id -1
     * @throws IOException if the file cannot be read or is no op bundle; the message says why
     */
    List<OpProvider> inspectBundle(Path bundle) throws IOException;

    /**
     * Judges a plain library.
     *
     * @param framework framework that is to load it
     * @param folder the library and its helpers in their places to each other; not changed
     * @param library the file to load, inside the folder
     * @return the provider, ACTIVE or REFUSED, without bundle name and with bundle id -1
     * @throws IOException if a file cannot be read
     */
    OpProvider inspectLibrary(String framework, Path folder, Path library) throws IOException;

    /**
     * Judges a plain library with the helpers that its run path finds.
     *
     * @param framework framework that is to load it
     * @param file the library; not changed
     * @return the provider, ACTIVE or REFUSED, without bundle name and with bundle id -1
     * @throws IOException if a file cannot be read
     */
    default OpProvider inspectFile(String framework, Path file) throws IOException {
        return inspectLibrary(framework, file.toAbsolutePath().getParent(), file.toAbsolutePath());
    }
}
