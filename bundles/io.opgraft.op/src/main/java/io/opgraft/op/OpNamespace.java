package io.opgraft.op;

/**
 * Names of the {@code opgraft.op} capability name space. One capability stands for one op library:
 *
 * <pre>
 * Provide-Capability: opgraft.op;framework=tensorflow;ops:List&lt;String&gt;="AddSub";
 *   version:Version="1.2.0";library="native/linux-x86_64/libaddsub.so"
 * </pre>
 */
public final class OpNamespace {
    /** The name space itself. */
    public static final String NAMESPACE = "opgraft.op";

    /** Attribute of type {@code String}, mandatory: the framework that loads the library, such as {@code tensorflow}. */
    public static final String FRAMEWORK = "framework";

    /** Attribute of type {@code List<String>}: the names of the ops that the library defines. */
    public static final String OPS = "ops";

    /** Attribute of type {@code Version}: the version of the ops; the default is the bundle's version. */
    public static final String VERSION = "version";

    /**
     * Attribute of type {@code String}, mandatory: the bundle entry that is the library, below {@code
     * native/<os>-<arch>/}. All other entries of that platform folder are its helpers and keep their relative places.
     */
    public static final String LIBRARY = "library";

    /** Folder of a bundle that holds one folder of native files for each platform. */
    public static final String NATIVE_FOLDER = "native/";

    private OpNamespace() {}
}
