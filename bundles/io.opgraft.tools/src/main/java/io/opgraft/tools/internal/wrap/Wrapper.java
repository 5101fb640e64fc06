package io.opgraft.tools.internal.wrap;

import io.opgraft.ops.OpBundleWriter;
import io.opgraft.ops.OpInspector;
import io.opgraft.tools.internal.FailureException;
import io.opgraft.tools.internal.Frameworks;
import io.opgraft.tools.internal.UsageException;
import io.opgraft.tools.internal.files.WorkFolder;
import io.opgraft.tools.internal.judge.Judge;
import io.opgraft.tools.internal.judge.Judgement;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Makes one bundle. */
final class Wrapper {
    private final OpInspector inspector;
    private final Frameworks frameworks;
    private final PrintStream err;
    private final Path temporary;

    Wrapper(OpInspector inspector, Frameworks frameworks, PrintStream err, Path temporary) {
        this.inspector = inspector;
        this.frameworks = frameworks;
        this.err = err;
        this.temporary = temporary;
    }

    /** What was made. */
    record Result(Path jar, Material material, List<Judgement> judgements, Selection selection, List<String> notes) {}

    Result wrap(WrapRequest request) throws UsageException, FailureException, IOException, InterruptedException {
        for (Path file : request.files()) {
            if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
                throw new FailureException(file + " is no file that can be read; check the path.");
            }
        }
        Frameworks.State framework = frameworks.state(request.framework());
        if (!framework.absence().isEmpty()) {
            throw new FailureException(
                    "The libraries cannot be loaded on trial to find their ops, because " + framework.absence() + ".");
        }
        try (WorkFolder work = new WorkFolder(temporary)) {
            Material material =
                    request.wheel() ? FromWheel.read(request, framework.version(), work) : Plain.read(request);
            OpBundleWriter writer = writer(material);
            Path jar = output(request, material);
            List<Judgement> judgements =
                    new Judge(inspector, request.framework(), err, temporary).all(material.libraries());
            Selection selection = Selection.of(material.libraries(), judgements);
            List<String> notes = new ArrayList<>(material.notes());
            notes.addAll(selection.notes());
            Result result = new Result(jar, material, judgements, selection, notes);
            if (!selection.opLibraries().isEmpty()) {
                fill(writer, request, framework.version(), result);
                writer.write(jar);
            }
            return result;
        }
    }

    private static OpBundleWriter writer(Material material) throws UsageException {
        try {
            OpBundleWriter writer = new OpBundleWriter(material.name(), material.version());
            material.headers().forEach(writer::header);
            return writer;
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage() + ".");
        }
    }

    private static Path output(WrapRequest request, Material material) throws FailureException {
        Path jar = (request.output() == null
                        ? Path.of(material.name() + "-" + material.version() + ".jar")
                        : request.output())
                .toAbsolutePath();
        if (!Files.isDirectory(jar.getParent())) {
            throw new FailureException(
                    "The folder " + jar.getParent() + " does not exist; create it, or name another --output.");
        }
        if (Files.isDirectory(jar)) {
            throw new FailureException(jar + " is a folder; name a file with --output.");
        }
        if (Files.exists(jar) && !request.force()) {
            throw new FailureException(jar + " exists; name another --output, or replace it with --force.");
        }
        return jar;
    }

    private static void fill(OpBundleWriter writer, WrapRequest request, String frameworkVersion, Result result)
            throws FailureException, UsageException, IOException {
        Material material = result.material();
        Map<String, String> attributes = new TreeMap<>(material.attributes());
        if (!frameworkVersion.isEmpty()) {
            attributes.put("frameworkVersion", frameworkVersion);
        }
        BundleFiles files = new BundleFiles(BundleFiles.natives(), material.root());
        for (Selection.Library library : result.selection().accepted()) {
            if (!library.ops().isEmpty()) {
                writer.capability(request.framework(), library.ops(), files.add(library.family()), attributes);
            } else if (material.keep()) {
                files.add(library.family());
            }
        }
        files.addData(dataOfUsedPackages(material.data(), files, result.notes()));
        for (Map.Entry<Path, String> resource : request.resources().entrySet()) {
            files.addResource(resource.getKey(), resource.getValue());
        }
        for (Map.Entry<String, Path> document : material.documents().entrySet()) {
            files.put(document.getKey(), document.getValue());
        }
        try {
            files.all().forEach(writer::file);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage() + ".");
        }
    }

    /** Data of the packages that the op libraries lie in: a library may look for it beside itself. */
    private static Map<String, Path> dataOfUsedPackages(Map<String, Path> data, BundleFiles files, List<String> notes) {
        Set<String> packages = new HashSet<>();
        files.all()
                .keySet()
                .forEach(place ->
                        packages.add(top(place.substring(BundleFiles.natives().length()))));
        Map<String, Path> used = new LinkedHashMap<>(data);
        used.keySet().removeIf(path -> !packages.contains(top(path)));
        if (!used.isEmpty()) {
            notes.add("kept: " + used.size() + " data files");
        }
        if (used.size() < data.size()) {
            notes.add("left out: " + (data.size() - used.size()) + " data files of packages without op libraries");
        }
        return used;
    }

    private static String top(String path) {
        int slash = path.indexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }
}
