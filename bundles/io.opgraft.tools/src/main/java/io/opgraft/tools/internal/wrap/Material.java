package io.opgraft.tools.internal.wrap;

import io.opgraft.tools.internal.judge.Judge;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Version;

/**
 * What a bundle can be made of.
 *
 * @param name symbolic name
 * @param version version
 * @param headers manifest headers
 * @param attributes attributes of each capability
 * @param libraries what may be op libraries
 * @param keep whether libraries without ops go into the bundle too
 * @param root the folder that the layout is kept of; null if each library has its own
 * @param data other files for the folder of the libraries, by their path below the root
 * @param documents files for the bundle itself, by path
 * @param notes what is worth saying
 */
record Material(
        String name,
        Version version,
        Map<String, String> headers,
        Map<String, String> attributes,
        List<Judge.Named> libraries,
        boolean keep,
        Path root,
        Map<String, Path> data,
        Map<String, Path> documents,
        List<String> notes) {}
