package io.opgraft.backend;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** The outputs of one run. Closing it closes the tensors. */
@ConsumerType
public interface Outputs extends AutoCloseable {
    /**
     * The tensors.
     *
     * @return in the order of the names that the run was asked for
     */
    List<Tensor> tensors();

    @Override
    void close();
}
