package io.opgraft.backend;

import io.opgraft.probe.ProbedOp;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A framework that runs models. Registered as a service; methods may be called from any thread, but {@link #open} and
 * {@link #load} are only called by one thread at a time.
 */
@ConsumerType
public interface Backend {
    /**
     * The name that {@code backend:} of a model configuration and {@code framework} of an op capability use.
     *
     * @return for instance {@code tensorflow}
     */
    String name();

    /**
     * The values of {@code platform:} that this backend serves.
     *
     * @return for instance {@code tensorflow_savedmodel}
     */
    Set<String> platforms();

    /**
     * Whether this backend can run.
     *
     * @return available, or why not; cheap after the first call
     */
    BackendStatus status();

    /**
     * Recognises the files of a model whose configuration names neither backend nor platform.
     *
     * @param versionDirectory the version folder
     * @return true if the folder holds a file of this backend's default names
     */
    boolean recognizes(Path versionDirectory);

    /**
     * Reads what a model is and needs. Loads no op library.
     *
     * @param source the model version
     * @return signature and required ops
     * @throws ModelLoadException if the files are missing, damaged or of a kind that is not supported
     */
    ModelDescription inspect(ModelSource source) throws ModelLoadException;

    /**
     * Loads an op library into a scope of its own. Equal digests give the same scope.
     *
     * @param copy the private copy
     * @return the scope
     * @throws OpLoadException if this framework cannot load the library safely; nothing was registered then
     */
    OpScope open(OpLibraryCopy copy) throws OpLoadException;

    /**
     * Compares what a model expects of an op with what a library defines. Loads nothing.
     *
     * @param requirement from {@link #inspect} of this backend
     * @param op from the trial load of the library
     * @return every difference that matters as a sentence part such as {@code attribute "bias" is unknown to it}; empty
     *     if the library fits
     */
    List<String> mismatches(OpRequirement requirement, ProbedOp op);

    /**
     * The op libraries that this process has loaded, in use or not. To count their memory may take long.
     *
     * @return in the order of loading
     */
    List<LoadedLibrary> loadedLibraries();

    /**
     * Whether this process has loaded an op library. Asked before every load, so it should cost nothing.
     *
     * @param digest as in {@link OpLibraryCopy#digest}
     */
    default boolean hasLoaded(String digest) {
        return loadedLibraries().stream().anyMatch(library -> library.digest().equals(digest));
    }

    /**
     * Figures of the devices that models of this backend run on. Asked at every scrape of the metrics; starts nothing.
     *
     * @return empty until the backend runs, and if its devices give no figures
     */
    default List<DeviceFigures> devices() {
        return List.of();
    }

    /**
     * The executors that a model gets, for the configuration that clients see: the groups that its own configuration asks
     * for, in their order, each with its kind and devices settled; or what the backend gives if it asks for none. Asked
     * while the backend is available; loads nothing.
     *
     * @param source the model version
     * @return for models on the processor, which this gives: every group as asked, else one for each processor
     */
    default List<InstanceGroup> instanceGroups(ModelSource source) {
        if (source.instanceGroups().isEmpty()) {
            int processors = Runtime.getRuntime().availableProcessors();
            return List.of(new InstanceGroup(InstanceGroup.Kind.CPU, processors, List.of(), List.of()));
        }
        return source.instanceGroups().stream()
                .map(group -> group.settled(InstanceGroup.Kind.CPU, group.gpus()))
                .toList();
    }

    /**
     * Loads a model with its ops bound, and warms up every signature, so that the first request is as fast as the next.
     *
     * @param source the model version
     * @param ops for every required op the scope that provides it
     * @return the model, closed by the caller
     * @throws ModelLoadException if the framework refuses the model
     */
    LoadedModel load(ModelSource source, Map<String, OpScope> ops) throws ModelLoadException;
}
