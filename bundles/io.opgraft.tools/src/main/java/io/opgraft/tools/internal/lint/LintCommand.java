package io.opgraft.tools.internal.lint;

import io.opgraft.ops.OpInspector;
import io.opgraft.probe.Verdict;
import io.opgraft.tools.internal.Frameworks;
import io.opgraft.tools.internal.UsageException;
import io.opgraft.tools.internal.files.FrameworkGuess;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code [--json] [--] FILE...}: prints what is to be said of each; 0, or 1 if one is refused, or 2 for wrong usage. */
@Component(service = ToIntFunction.class, property = "opgraft.command=lint")
public final class LintCommand implements ToIntFunction<String[]> {
    private static final int REFUSED = 1;
    private static final int WRONG_USAGE = 2;

    private final OpInspector inspector;
    private final Frameworks frameworks;
    private final PrintStream out;
    private final PrintStream err;
    private final Path temporary;

    /**
     * For the framework.
     *
     * @param context of this bundle
     * @param inspector judges libraries
     */
    @Activate
    public LintCommand(BundleContext context, @Reference OpInspector inspector) {
        this(
                inspector,
                Frameworks.registered(context),
                System.out,
                System.err,
                Path.of(context.getProperty("opgraft.data")));
    }

    LintCommand(OpInspector inspector, Frameworks frameworks, PrintStream out, PrintStream err, Path temporary) {
        this.inspector = inspector;
        this.frameworks = frameworks;
        this.out = out;
        this.err = err;
        this.temporary = temporary;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        try {
            return lint(List.of(arguments));
        } catch (UsageException e) {
            err.println("opgraft: " + e.getMessage());
            err.println("Usage: opgraft lint [--json] FILE...");
            return WRONG_USAGE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return REFUSED;
        }
    }

    private int lint(List<String> arguments) throws UsageException, InterruptedException {
        boolean json = false;
        List<String> files = new ArrayList<>();
        boolean options = true;
        for (String argument : arguments) {
            if (options && argument.equals("--")) {
                options = false;
            } else if (options && argument.equals("--json")) {
                json = true;
            } else if (options && argument.startsWith("-")) {
                throw new UsageException("lint has no option " + argument + ".");
            } else {
                files.add(argument);
            }
        }
        if (files.isEmpty()) {
            throw new UsageException("lint needs a file.");
        }
        Linter linter = new Linter(inspector, err, temporary);
        List<FileReport> reports = new ArrayList<>();
        for (String file : files) {
            if (files.size() > 1) {
                err.println((reports.size() + 1) + " of " + files.size() + ": " + file);
            }
            reports.add(linter.lint(file));
        }
        String noTrial = noTrial(reports);
        if (json) {
            out.println(new LintJson(noTrial).write(reports));
        } else {
            new LintText(noTrial).write(reports).forEach(out::println);
        }
        out.flush();
        return reports.stream().anyMatch(report -> report.verdict() == Verdict.REFUSED) ? REFUSED : 0;
    }

    private String noTrial(List<FileReport> reports) {
        return reports.stream()
                .filter(report ->
                        report.libraries().stream().anyMatch(library -> !library.tried() && !library.refused()))
                .map(report -> FrameworkGuess.of(Path.of(report.file())))
                .findFirst()
                .map(this::noTrial)
                .orElse("");
    }

    private String noTrial(String framework) {
        String absence = frameworks.state(framework).absence();
        return absence.isEmpty() ? framework + " made no trial" : absence;
    }
}
