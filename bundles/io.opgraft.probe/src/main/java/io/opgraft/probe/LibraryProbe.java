package io.opgraft.probe;

import java.io.IOException;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Judges op libraries of one framework before the server loads them. Registered as a service. Methods may be called from
 * any thread, also at the same time, and may take long.
 */
@ConsumerType
public interface LibraryProbe {
    /**
     * The framework.
     *
     * @return {@code tensorflow}, {@code tensorrt} or another backend's name
     */
    String framework();

    /**
     * What the answers depend on besides the library: answers are kept for as long as this stays equal.
     *
     * @return such as {@code TensorFlow 2.18.0 linux-x86_64 probe 1}
     * @throws IOException if the framework is not there; the message says why
     */
    String environment() throws IOException;

    /**
     * Judges the files. Runs none of their code.
     *
     * @param files a library whose ELF files were found to be whole and for this machine
     * @return what this framework finds besides what holds for every library: symbols that it does not offer, what it
     *     was built for, registrations that reach the whole process
     * @throws IOException if a file cannot be read or the framework is not there
     */
    List<Finding> lint(LibraryFiles files) throws IOException;

    /**
     * Loads the library in a process of its own, and a second copy of it in the same process.
     *
     * @param files repaired files, as the server would load them
     * @param twin the same library under other private names
     * @return what it registers
     * @throws ProbeException if it cannot be loaded: unresolved symbols, a crash, an abort, a hang, an invalid definition
     * @throws IOException if the process cannot be started or the framework is not there
     */
    ProbeReport probe(LibraryFiles files, LibraryFiles twin) throws ProbeException, IOException;
}
