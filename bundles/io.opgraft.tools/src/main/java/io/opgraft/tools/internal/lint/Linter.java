package io.opgraft.tools.internal.lint;

import io.opgraft.ops.OpInspector;
import io.opgraft.ops.OpProvider;
import io.opgraft.probe.LibraryFiles;
import io.opgraft.tools.internal.FailureException;
import io.opgraft.tools.internal.files.FrameworkGuess;
import io.opgraft.tools.internal.files.WorkFolder;
import io.opgraft.tools.internal.judge.Judge;
import io.opgraft.tools.internal.judge.Judgement;
import io.opgraft.tools.internal.wheel.Wheel;
import io.opgraft.tools.internal.wheel.WheelLibraries;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Judges files of any kind; a file that cannot be judged is refused, never an exception. */
final class Linter {
    private static final String OF_WHEELS = FrameworkGuess.DEFAULT;
    private static final byte[] ZIP = {'P', 'K', 3, 4};

    private final OpInspector inspector;
    private final PrintStream progress;
    private final Path temporary;

    Linter(OpInspector inspector, PrintStream progress, Path temporary) {
        this.inspector = inspector;
        this.progress = progress;
        this.temporary = temporary;
    }

    FileReport lint(String name) throws InterruptedException {
        Path file;
        try {
            file = Path.of(name);
        } catch (InvalidPathException e) {
            return FileReport.plain(Judgement.refused(name, "file", "it is no path: " + e.getReason(), ""));
        }
        try {
            if (!isZip(file)) {
                return FileReport.plain(judge(FrameworkGuess.of(file)).one(new Judge.Named(name, file)));
            }
            return name.endsWith(".whl") ? wheel(name, file) : bundle(name, file);
        } catch (IOException e) {
            return container(name, Judgement.refused(name, "file", Judge.text(e), ""));
        } catch (FailureException e) {
            return container(name, Judgement.refused(name, "file", e.getMessage(), ""));
        }
    }

    private Judge judge(String framework) {
        return new Judge(inspector, framework, progress, temporary);
    }

    private static boolean isZip(Path file) throws IOException {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(ZIP, in.readNBytes(ZIP.length));
        }
    }

    private static FileReport container(String name, Judgement judgement) {
        return new FileReport(name, List.of(judgement), true, "");
    }

    private FileReport bundle(String name, Path file) throws IOException {
        progress.println("Loading the libraries of " + name + " on trial");
        List<Judgement> libraries = new ArrayList<>();
        String label = "";
        for (OpProvider provider : inspector.inspectBundle(file.toAbsolutePath())) {
            label = provider.label();
            libraries.add(Judgement.of(name(provider), provider));
        }
        if (libraries.isEmpty()) {
            return container(
                    name,
                    Judgement.refused(
                            name,
                            "bundle",
                            "it has no opgraft.op capability",
                            "make an op bundle of its libraries with: opgraft wrap"));
        }
        return new FileReport(name, libraries, true, label);
    }

    /** Its place in the platform folder; the ops say more where that is not known, or is that of several libraries. */
    private static String name(OpProvider provider) {
        LibraryFiles files = provider.files();
        if (files != null && files.before().isEmpty()) {
            return files.folder().relativize(files.library()).toString();
        }
        return provider.ops().isEmpty() ? "library" : String.join(", ", provider.ops());
    }

    private FileReport wheel(String name, Path file) throws IOException, FailureException, InterruptedException {
        try (WorkFolder work = new WorkFolder(temporary)) {
            Wheel wheel = Wheel.unpack(file, work.next());
            List<Judgement> libraries =
                    judge(OF_WHEELS).all(WheelLibraries.of(wheel, OF_WHEELS).candidates());
            if (libraries.isEmpty()) {
                throw new FailureException("it has no library that uses " + OF_WHEELS);
            }
            return new FileReport(
                    name,
                    libraries,
                    true,
                    wheel.metadata().name() + " " + wheel.metadata().version());
        }
    }
}
