package io.opgraft.tools.internal.wrap;

import io.opgraft.ops.OpInspector;
import io.opgraft.probe.Finding;
import io.opgraft.tools.internal.FailureException;
import io.opgraft.tools.internal.Frameworks;
import io.opgraft.tools.internal.UsageException;
import io.opgraft.tools.internal.judge.Judge;
import io.opgraft.tools.internal.judge.Judgement;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Arguments as {@link WrapRequest} reads them; 0 when a bundle was written, 1 when not, 2 for wrong usage. */
@Component(service = ToIntFunction.class, property = "opgraft.command=wrap")
public final class WrapCommand implements ToIntFunction<String[]> {
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    private final Wrapper wrapper;
    private final PrintStream out;
    private final PrintStream err;

    /**
     * For the framework.
     *
     * @param context of this bundle
     * @param inspector judges libraries
     */
    @Activate
    public WrapCommand(BundleContext context, @Reference OpInspector inspector) {
        this(
                inspector,
                Frameworks.registered(context),
                System.out,
                System.err,
                Path.of(context.getProperty("opgraft.data")));
    }

    WrapCommand(OpInspector inspector, Frameworks frameworks, PrintStream out, PrintStream err, Path temporary) {
        this.wrapper = new Wrapper(inspector, frameworks, err, temporary);
        this.out = out;
        this.err = err;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        try {
            return report(wrapper.wrap(WrapRequest.parse(List.of(arguments))));
        } catch (UsageException e) {
            err.println("opgraft: " + e.getMessage());
            err.println(WrapRequest.USAGE);
            return WRONG_USAGE;
        } catch (FailureException e) {
            err.println("opgraft: " + e.getMessage());
            return FAILED;
        } catch (IOException e) {
            err.println("opgraft: The bundle cannot be made: " + Judge.text(e) + ".");
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private int report(Wrapper.Result result) throws IOException {
        for (Selection.Library library : result.selection().accepted()) {
            out.println(library.named().name() + ": "
                    + (library.ops().isEmpty() ? "no ops of its own" : String.join(", ", library.ops())) + " ("
                    + library.judgement().verdict() + ")");
        }
        for (Judgement judgement : result.judgements()) {
            if (judgement.refused()) {
                out.println(judgement.name() + ": refused: "
                        + judgement.reasons().stream().map(Finding::toString).collect(Collectors.joining("; ")));
            }
        }
        result.notes().forEach(out::println);
        List<Selection.Library> libraries = result.selection().opLibraries();
        if (libraries.isEmpty()) {
            err.println("opgraft: No bundle was written: none of the libraries can be used, as said above.");
            return FAILED;
        }
        int ops = libraries.stream().mapToInt(library -> library.ops().size()).sum();
        out.println(String.format(
                Locale.ROOT,
                "%s %s: %d ops in %d op libraries, %.1f MB: %s",
                result.material().name(),
                result.material().version(),
                ops,
                libraries.size(),
                Files.size(result.jar()) / 1e6,
                result.jar()));
        return 0;
    }
}
