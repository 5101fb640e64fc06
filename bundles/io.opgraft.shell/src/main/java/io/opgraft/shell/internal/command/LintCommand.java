package io.opgraft.shell.internal.command;

import io.opgraft.ops.OpIndex;
import io.opgraft.ops.OpInspector;
import io.opgraft.ops.OpProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Judges op libraries, installed or not. */
@Component(service = LintCommand.class)
@GogoCommand(scope = "opgraft", function = "lint")
public class LintCommand {
    private static final String USUAL_FRAMEWORK = "tensorflow";

    private final OpIndex index;
    private final OpInspector inspector;

    /**
     * Makes the command.
     *
     * @param index knows the installed libraries
     * @param inspector judges others
     */
    @Activate
    public LintCommand(@Reference OpIndex index, @Reference OpInspector inspector) {
        this.index = index;
        this.inspector = inspector;
    }

    /**
     * Judges libraries for TensorFlow, or what a bundle says.
     *
     * @param session knows the current directory
     * @param what a file or a bundle
     * @return the judgement
     * @throws IOException if the file cannot be read or is no op bundle
     */
    @Descriptor("judges a library or an op bundle")
    public String lint(
            CommandSession session,
            @Descriptor("a .so or .jar file on the server's disk, or an installed bundle by id, name or name/version")
                    String what)
            throws IOException {
        return lint(session, what, USUAL_FRAMEWORK);
    }

    /**
     * Judges libraries.
     *
     * @param session knows the current directory
     * @param what a file or a bundle
     * @param framework framework that is to load a plain library
     * @return the judgement
     * @throws IOException if the file cannot be read or is no op bundle
     */
    @Descriptor("judges a library for a framework")
    public String lint(
            CommandSession session,
            @Descriptor("a .so or .jar file on the server's disk, or an installed bundle by id, name or name/version")
                    String what,
            @Descriptor("framework that is to load a plain library") String framework)
            throws IOException {
        List<OpProvider> installed = index.providers().stream()
                .filter(provider -> names(what, provider))
                .toList();
        return (installed.isEmpty() ? inspect(session.currentDir().resolve(what), what, framework) : installed)
                .stream().map(OpText::judgement).collect(Collectors.joining("\n\n"));
    }

    private static boolean names(String what, OpProvider provider) {
        return what.equals(provider.bundle())
                || what.equals(provider.label())
                || what.equals(String.valueOf(provider.bundleId()));
    }

    private List<OpProvider> inspect(Path file, String what, String framework) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(
                    what + " is neither a file on the server's disk nor an installed op bundle; ops lists those.");
        }
        return what.endsWith(".jar") ? inspector.inspectBundle(file) : List.of(inspector.inspectFile(framework, file));
    }
}
