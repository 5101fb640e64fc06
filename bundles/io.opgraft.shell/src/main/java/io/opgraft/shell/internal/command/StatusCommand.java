package io.opgraft.shell.internal.command;

import io.opgraft.backend.Backend;
import io.opgraft.backend.BackendStatus;
import io.opgraft.models.ModelStatus;
import io.opgraft.models.ModelStatus.VersionStatus;
import io.opgraft.models.Models;
import io.opgraft.ops.OpIndex;
import io.opgraft.ops.OpProvider;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** {@code opgraft:status}: the server on one screen. */
@Component(service = StatusCommand.class)
@GogoCommand(scope = "opgraft", function = "status")
public class StatusCommand {
    private static final long MIB = 1 << 20;

    private final BundleContext context;
    private final Models models;
    private final OpIndex ops;

    @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile List<Backend> backends;

    @Reference(
            target = "(opgraft.endpoint=http)",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile URI endpoint;

    /**
     * Makes the command.
     *
     * @param context for version and data directory
     * @param models counted
     * @param ops counted
     */
    @Activate
    public StatusCommand(BundleContext context, @Reference Models models, @Reference OpIndex ops) {
        this.context = context;
        this.models = models;
        this.ops = ops;
    }

    /**
     * Shows the server's state.
     *
     * @return a few lines and a table of the backends
     */
    @Descriptor("shows the server: endpoint, models, op libraries, backends")
    public String status() {
        URI http = endpoint;
        Runtime runtime = Runtime.getRuntime();
        Duration up = Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
        return String.join(
                "\n",
                "Opgraft " + context.getProperty("opgraft.version") + ", process "
                        + ProcessHandle.current().pid() + ", up " + text(up) + ", Java "
                        + Runtime.version().feature()
                        + ", heap " + (runtime.totalMemory() - runtime.freeMemory()) / MIB + " MiB",
                "Data      " + context.getProperty("opgraft.data"),
                "HTTP      " + (http == null ? "not ready" : http),
                "Models    " + (models.ready() ? "all that were asked for are ready" : "not all are ready") + count(),
                "Ops       " + opCount(),
                "Held      " + held(),
                "",
                backendTable());
    }

    private static String text(Duration up) {
        return up.toDays() > 0
                ? "%d d %d h".formatted(up.toDays(), up.toHoursPart())
                : "%d:%02d:%02d".formatted(up.toHours(), up.toMinutesPart(), up.toSecondsPart());
    }

    private String count() {
        Map<ModelStatus.State, Integer> counts = new EnumMap<>(ModelStatus.State.class);
        for (ModelStatus model : models.list()) {
            for (VersionStatus version : model.versions()) {
                counts.merge(version.state(), 1, Integer::sum);
            }
        }
        return counts.isEmpty()
                ? " (none)"
                : counts.entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", ", " (versions: ", ")"));
    }

    private String held() {
        StringBuilder text = new StringBuilder();
        for (ModelStatus model : models.list()) {
            for (VersionStatus version : model.versions()) {
                if (version.hold() != null) {
                    text.append(text.isEmpty() ? "" : "\n          ")
                            .append(model.name())
                            .append(" version ")
                            .append(version.version())
                            .append(" to ")
                            .append(version.hold().wiring())
                            .append(" since ")
                            .append(version.hold().since())
                            .append(" by ")
                            .append(version.hold().by());
                }
            }
        }
        return text.isEmpty() ? "no model" : text.toString();
    }

    private String opCount() {
        List<OpProvider> providers = ops.providers();
        long active = providers.stream()
                .filter(provider -> provider.state() == OpProvider.State.ACTIVE)
                .count();
        return providers.size() + " libraries, " + active + " active";
    }

    private String backendTable() {
        Table table = new Table("BACKEND", "AVAILABLE", "DETAIL");
        backends.stream().sorted(Comparator.comparing(Backend::name)).forEach(backend -> {
            BackendStatus status = backend.status();
            table.row(backend.name(), status.available() ? "yes" : "no", status.detail());
        });
        return table.isEmpty() ? "No backend is installed; serve --features names one." : table.toString();
    }
}
