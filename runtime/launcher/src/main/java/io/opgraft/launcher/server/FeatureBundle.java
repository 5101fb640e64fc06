package io.opgraft.launcher.server;

import java.nio.file.Path;

/**
 * A bundle that a feature names.
 *
 * @param id Maven coordinates
 * @param jar its file in the distribution's repository
 * @param startLevel where it starts
 */
record FeatureBundle(String id, Path jar, int startLevel) {
    /** The location under which the framework knows it: used in place, never copied. */
    String location() {
        return "reference:" + jar.toUri();
    }
}
