package io.opgraft.models.internal.privateops;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** The bundles in the framework that were installed for models. Used by one thread. */
public interface PrivateBundles {
    /**
     * What is installed now.
     *
     * @return locations, all beginning with {@link io.opgraft.ops.OpOrigin#PRIVATE_LOCATION}
     */
    Set<String> installed();

    /**
     * Installs and starts a bundle. One of that location that is there is only started.
     *
     * @param location where it shall seem to come from
     * @param jar its bytes, read before this returns
     * @throws IOException if it cannot be read, installed or started; the message says why, and nothing is left behind
     */
    void install(String location, Path jar) throws IOException;

    /**
     * Uninstalls a bundle, if it is there.
     *
     * @param location as it was installed with
     */
    void uninstall(String location);
}
