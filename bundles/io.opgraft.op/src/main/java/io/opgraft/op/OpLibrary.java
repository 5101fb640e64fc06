package io.opgraft.op;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The op service: a native library that defines custom ops for one framework.
 *
 * <p>It is registered for every {@code opgraft.op} capability of an active bundle, through that bundle's own context.
 * A bundle may instead register it itself. The service is a description: registering it loads nothing. Methods may be
 * called from any thread and must return the same answer each time.
 */
@ConsumerType
public interface OpLibrary {
    /** Service property of type {@code String}: same as {@link #framework()}. */
    String FRAMEWORK_PROPERTY = "opgraft.op.framework";

    /** Service property of type {@code String[]}: same as {@link #ops()}. */
    String OPS_PROPERTY = "opgraft.op.ops";

    /**
     * Service property of type {@code Version} or {@code String}: the version of the ops. Without it the version of the
     * registering bundle counts.
     */
    String VERSION_PROPERTY = "opgraft.op.version";

    /**
     * The framework that loads the library.
     *
     * @return {@code tensorflow}, {@code tensorrt} or another backend's name
     */
    String framework();

    /**
     * The ops that the library defines.
     *
     * @return op names as the author wrote them, never empty
     */
    List<String> ops();

    /**
     * The library to load.
     *
     * @return the file as delivered
     */
    OpFile library();

    /**
     * Files that must lie beside the library when it is loaded, such as other libraries it needs.
     *
     * @return the helpers with their relative places, empty by default
     */
    default List<OpFile> helpers() {
        return List.of();
    }
}
