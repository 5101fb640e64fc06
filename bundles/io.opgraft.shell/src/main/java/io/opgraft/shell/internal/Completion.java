package io.opgraft.shell.internal;

import io.opgraft.models.ModelStatus;
import io.opgraft.models.Models;
import io.opgraft.ops.OpIndex;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Finds what may stand where the cursor is: a command, or the model, op or bundle that it works on. */
@Component(service = Completion.class)
public class Completion {
    private static final Set<String> TAKE_MODEL =
            Set.of("model", "wiring", "bom", "explain", "load", "unload", "history", "rollback", "release");
    private static final Set<String> TAKE_OP = Set.of("op");
    private static final Set<String> TAKE_BUNDLE =
            Set.of("start", "stop", "update", "uninstall", "refresh", "resolve", "headers", "bundlelevel", "which");
    private static final Set<String> TAKE_OP_BUNDLE = Set.of("impact", "rollback", "release");
    private static final Set<String> TAKE_COMMAND = Set.of("help");

    private final BundleContext context;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Models models;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile OpIndex ops;

    /**
     * Makes the completion.
     *
     * @param context knows bundles and commands
     */
    @Activate
    public Completion(BundleContext context) {
        this.context = context;
    }

    /**
     * Candidates for the last word of a line.
     *
     * @param line the line up to the cursor
     * @return value, tab, description for each, ordered
     */
    List<String> candidates(String line) {
        String[] parts = line.split("[|;]", -1);
        String part = parts[parts.length - 1].stripLeading();
        List<String> words = Arrays.asList(part.split("\\s+", -1));
        String prefix = words.get(words.size() - 1);
        Map<String, String> all = words.size() == 1 ? commands() : arguments(words.get(0));
        List<String> fitting = new ArrayList<>();
        all.forEach((value, description) -> {
            if (value.startsWith(prefix)) {
                fitting.add(value + "\t" + description);
            }
        });
        return fitting;
    }

    private Map<String, String> arguments(String command) {
        String function = command.substring(command.indexOf(':') + 1);
        Map<String, String> found = new TreeMap<>();
        Models currentModels = models;
        OpIndex currentOps = ops;
        if (TAKE_OP_BUNDLE.contains(function) && currentOps != null) {
            currentOps.providers().forEach(provider -> found.put(provider.bundle(), "op bundle"));
        }
        if (TAKE_MODEL.contains(function) && currentModels != null) {
            for (ModelStatus model : currentModels.list()) {
                found.put(model.name(), model.ready() ? "ready" : "not ready");
            }
        } else if (TAKE_OP.contains(function) && currentOps != null) {
            currentOps.providers().forEach(provider -> provider.ops().forEach(op -> found.put(op, "")));
        } else if (TAKE_BUNDLE.contains(function)) {
            for (Bundle bundle : context.getBundles()) {
                found.put(bundle.getSymbolicName() + "/" + bundle.getVersion(), "bundle " + bundle.getBundleId());
            }
        } else if (TAKE_COMMAND.contains(function)) {
            return commands();
        }
        return found;
    }

    /** Full names, and short ones; where two commands share a short name, the one of our scope describes it. */
    private Map<String, String> commands() {
        Map<String, String> found = new TreeMap<>();
        for (ServiceReference<?> reference : commandServices()) {
            Object scope = reference.getProperty(CommandProcessor.COMMAND_SCOPE);
            Object service = context.getService(reference);
            for (String function : strings(reference.getProperty(CommandProcessor.COMMAND_FUNCTION))) {
                String description = describe(service, function);
                found.put(scope + ":" + function, description);
                if ("opgraft".equals(scope)) {
                    found.put(function, description);
                } else {
                    found.putIfAbsent(function, description);
                }
            }
            if (service != null) {
                context.ungetService(reference);
            }
        }
        return found;
    }

    private Collection<ServiceReference<?>> commandServices() {
        try {
            ServiceReference<?>[] references = context.getAllServiceReferences(
                    null, "(&(" + CommandProcessor.COMMAND_SCOPE + "=*)(" + CommandProcessor.COMMAND_FUNCTION + "=*))");
            return references == null ? List.of() : List.of(references);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> strings(Object property) {
        if (property instanceof Object[] array) {
            return Arrays.stream(array).map(String::valueOf).toList();
        }
        return List.of(String.valueOf(property));
    }

    private static String describe(Object service, String function) {
        Stream<Method> methods = service == null
                ? Stream.empty()
                : Arrays.stream(service.getClass().getMethods());
        return methods.filter(method -> method.getName().equals(function))
                .map(method -> method.getAnnotation(Descriptor.class))
                .filter(descriptor -> descriptor != null)
                .map(Descriptor::value)
                .findFirst()
                .orElse("");
    }
}
