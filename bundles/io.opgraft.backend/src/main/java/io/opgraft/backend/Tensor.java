package io.opgraft.backend;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A tensor in native memory. Used by one thread at a time; whoever holds it closes it, once. After that its buffers must
 * not be touched.
 */
@ConsumerType
public interface Tensor extends AutoCloseable {
    /**
     * The element type.
     *
     * @return the datatype
     */
    DataType datatype();

    /**
     * The shape.
     *
     * @return a concrete shape
     */
    Shape shape();

    /**
     * The bytes of the elements in row-major order, little-endian; for {@link DataType#BYTES} in the protocol's
     * length-prefixed form. Inputs are written through it before the run, outputs are read from it.
     *
     * @return a direct buffer over the tensor's own memory, position 0, limit its size; a new view each time
     */
    ByteBuffer buffer();

    @Override
    void close();
}
