package io.opgraft.tensorflow.internal;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.bytedeco.javacpp.Loader;
import org.tensorflow.internal.c_api.global.tensorflow;

/**
 * Loads TensorFlow's libraries for this class loader's JavaCPP, from files that are unpacked already. JavaCPP's own search
 * is switched off: for a second class loader it would unpack and load TensorFlow a second time, which ends the process.
 */
final class JavaCpp {
    private static final String SEARCH = "org.bytedeco.javacpp.findLibraries";
    private static final String FRAMEWORK = "libtensorflow_framework.so.2";
    private static final String TENSORFLOW = "libtensorflow_cc.so.2";
    private static final String JNI = "libjnitensorflow.so";

    private JavaCpp() {}

    static void load(Path folder) throws IOException {
        try {
            System.load(folder.resolve(FRAMEWORK).toString());
        } catch (UnsatisfiedLinkError e) {
            if (!String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("another classloader")) {
                throw e;
            }
            loadAgain(folder);
            return;
        }
        loadFrom(folder);
    }

    /**
     * For a second class loader: the JVM lets each load only files that no other has. A hard link is another file to the
     * JVM and the same library to the dynamic loader; the part that holds JNI's state has to be a real copy.
     */
    private static void loadAgain(Path folder) throws IOException {
        Path links = Files.createTempDirectory(folder, "loader");
        try {
            Files.createLink(links.resolve(FRAMEWORK), folder.resolve(FRAMEWORK));
            Files.createLink(links.resolve(TENSORFLOW), folder.resolve(TENSORFLOW));
            Files.copy(folder.resolve(JNI), links.resolve(JNI));
            loadFrom(links);
        } finally {
            BoundDirectory.delete(links);
        }
    }

    private static void loadFrom(Path folder) throws IOException {
        // TensorRT's backend does the same with other values; an interned text is one object for both.
        synchronized ("io.opgraft.javacpp".intern()) {
            loadNow(folder);
        }
    }

    private static void loadNow(Path folder) throws IOException {
        // Read when JavaCPP's class is initialised, which the first call below does.
        String before = System.setProperty(SEARCH, "false");
        try {
            register(folder.resolve(FRAMEWORK), "tensorflow_framework@.2");
            register(folder.resolve(TENSORFLOW), "tensorflow_cc@.2");
            register(folder.resolve(JNI), "jnitensorflow");
            Loader.load(tensorflow.class);
        } finally {
            if (before == null) {
                System.clearProperty(SEARCH);
            } else {
                System.setProperty(SEARCH, before);
            }
        }
    }

    /** Loads a file under the name by which JavaCPP's classes ask for it. */
    private static void register(Path file, String name) throws IOException {
        Loader.loadLibrary(tensorflow.class, new URL[] {file.toUri().toURL()}, name);
    }
}
