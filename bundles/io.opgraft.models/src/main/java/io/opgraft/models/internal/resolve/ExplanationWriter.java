package io.opgraft.models.internal.resolve;

import io.opgraft.backend.OpRequirement;
import io.opgraft.models.Explanation;
import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.Explanation.Reason;
import io.opgraft.models.internal.config.OpPin;
import io.opgraft.models.internal.resolve.Candidates.Judgement;
import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpProvider.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.framework.VersionRange;

/** Puts into words why an op has no provider, and what to do about it. */
final class ExplanationWriter {
    /** Ops of which the reasons are given; the others are counted. */
    private static final int MAX_OPS = 5;

    private final String model;
    private final Candidates candidates;
    private final List<OpPin> pins;

    ExplanationWriter(String model, Candidates candidates) {
        this.model = model;
        this.candidates = candidates;
        this.pins = candidates.pins().stream().filter(pin -> !pin.isFile()).toList();
    }

    /** The reasons of the first ops, and how many other ops there are. */
    Explanation shortened(List<Reason> reasons) {
        Set<String> ops = new LinkedHashSet<>();
        List<Reason> kept = new ArrayList<>();
        for (Reason reason : reasons) {
            ops.add(reason.op());
            if (ops.size() <= MAX_OPS) {
                kept.add(reason);
            }
        }
        int more = ops.size() - MAX_OPS;
        if (more > 0) {
            kept.add(new Reason(
                    Kind.OP_MISSING,
                    "",
                    "",
                    more + (more == 1 ? " more op" : " more ops") + " of model " + model + (more == 1 ? " is" : " are")
                            + " not available either.",
                    "Provide the first " + MAX_OPS + "; the others are named then."));
        }
        return new Explanation(kept);
    }

    /** Every reason why no provider of an op fits, the nearest misses first. */
    List<Reason> noProvider(OpRequirement requirement) {
        String op = requirement.op();
        List<Reason> near = new ArrayList<>();
        Map<String, List<OpProvider>> outside = new LinkedHashMap<>();
        List<OpProvider> notPinned = new ArrayList<>();
        List<OpProvider> forOthers = new ArrayList<>();
        for (OpProvider provider : candidates.of(requirement)) {
            Judgement judgement = candidates.judge(provider, requirement);
            switch (judgement.verdict()) {
                case OUTSIDE_RANGE ->
                    outside.computeIfAbsent(provider.bundle(), b -> new ArrayList<>())
                            .add(provider);
                case NOT_PINNED -> notPinned.add(provider);
                case FOR_OTHERS -> forOthers.add(provider);
                case CHECKING -> near.add(checking(op, provider));
                case REFUSED -> near.add(refused(op, provider, judgement.detail()));
                case STOPPED ->
                    near.add(new Reason(
                            Kind.BUNDLE_STOPPED,
                            op,
                            provider.label(),
                            installed(op, provider) + "but " + stopped(provider) + ".",
                            start(provider)));
                case OTHER_DIGEST -> near.add(otherDigest(op, provider));
                case MISMATCH -> near.add(mismatch(op, provider, judgement.detail()));
                case FITS -> throw new IllegalStateException(provider.label() + " fits");
            }
        }
        outside.forEach((bundle, providers) -> near.add(outsideRange(op, bundle, providers)));
        List<OpProvider> unknown = unknown(op, near);
        forOthers.forEach(provider -> near.add(forOthers(op, provider)));
        if (near.isEmpty()) {
            near.add(missing(op, notPinned, unknown));
        }
        return near;
    }

    /** Adds the libraries that may well have the op; returns other refused ones of which nobody knows the ops. */
    private List<OpProvider> unknown(String op, List<Reason> near) {
        List<OpProvider> rest = new ArrayList<>();
        for (OpProvider provider : candidates.unknown()) {
            if (candidates.exclude(provider) != null) {
                continue;
            }
            if (provider.state() == State.CHECKING) {
                near.add(checking(op, provider));
            } else if (candidates.own().has(provider) || candidates.pin(provider) != null) {
                near.add(refused(op, provider, provider.reason()));
            } else {
                rest.add(provider);
            }
        }
        return rest;
    }

    /** A library on trial is to be waited for. */
    Reason checking(String op, OpProvider provider) {
        return new Reason(
                Kind.LIBRARY_CHECKING,
                op,
                provider.label(),
                installed(op, provider) + "and a trial load of its library is under way.",
                "Wait for its end.");
    }

    private Reason refused(String op, OpProvider provider, String why) {
        String own = candidates.own().file(provider);
        return new Reason(
                Kind.LIBRARY_REFUSED,
                op,
                provider.label(),
                installed(op, provider) + "but its library was refused: " + bare(why) + ".",
                own.isEmpty()
                        ? "Deploy a version of " + provider.bundle() + " whose library can be used."
                        : "Replace " + own + " in the model's folder by one that can be used.");
    }

    private Reason mismatch(String op, OpProvider provider, String differences) {
        String own = candidates.own().file(provider);
        return new Reason(
                Kind.SCHEMA_MISMATCH,
                op,
                provider.label(),
                installed(op, provider) + "but does not define the op as the model expects: " + bare(differences) + ".",
                own.isEmpty()
                        ? "Deploy a version of " + provider.bundle() + " that the model was made for"
                                + (pins.isEmpty() ? "." : ", and name it in model_operations.")
                        : "Replace " + own + " in the model's folder by one that the model was made for.");
    }

    private Reason otherDigest(String op, OpProvider provider) {
        OpPin pin = candidates.pin(provider);
        return new Reason(
                Kind.VERSION_OUTSIDE_RANGE,
                op,
                provider.label(),
                installed(op, provider) + "but its library has the digest "
                        + provider.digest()
                                .substring(0, Math.min(12, provider.digest().length()))
                        + ", and config.pbtxt asks for " + pin.digest() + ".",
                "Deploy the " + provider.bundle() + " with that digest, or change the digest in model_operations.");
    }

    private Reason forOthers(String op, OpProvider provider) {
        List<String> owners = candidates.own().owners(provider);
        return new Reason(
                Kind.PRIVATE_TO_ANOTHER_MODEL,
                op,
                provider.label(),
                notAvailable(op) + "it is offered by " + provider.label() + ", but that library is private to "
                        + (owners.isEmpty()
                                ? "another model."
                                : (owners.size() == 1 ? "model " : "models ") + String.join(", ", owners) + "."),
                "Deploy it for all models: put its bundle into the deploy folder.");
    }

    private Reason outsideRange(String op, String bundle, List<OpProvider> providers) {
        OpPin pin = candidates.pin(providers.get(0));
        VersionRange range = pin.range();
        String installed = bundle
                + providers.stream()
                        .map(OpProvider::version)
                        .distinct()
                        .sorted()
                        .map(v -> "/" + v)
                        .collect(Collectors.joining(" and "));
        boolean many = providers.stream().map(OpProvider::version).distinct().count() > 1;
        return new Reason(
                Kind.VERSION_OUTSIDE_RANGE,
                op,
                bundle,
                notAvailable(op) + installed + (many ? " are" : " is") + " installed, but config.pbtxt asks for "
                        + Ranges.text(range) + ".",
                "Deploy " + bundle + " " + Ranges.wanted(range) + ", or widen the range in model_operations.");
    }

    private Reason missing(String op, List<OpProvider> notPinned, List<OpProvider> unknown) {
        String perhaps = unknown.isEmpty()
                ? "."
                : "; what these would provide is not known, because they were refused: " + labels(unknown) + ".";
        if (pins.isEmpty()) {
            return new Reason(
                    Kind.OP_MISSING,
                    op,
                    "",
                    notAvailable(op) + "no installed bundle provides it" + perhaps,
                    "Put a bundle that provides it into the deploy folder.");
        }
        String named = pins.stream().map(Ranges::text).collect(Collectors.joining(" or "));
        String others = notPinned.isEmpty()
                ? perhaps
                : "; bundles with an op of that name that are not named there: " + labels(notPinned) + ".";
        return new Reason(
                Kind.OP_MISSING,
                op,
                pins.get(0).bundle(),
                notAvailable(op) + "config.pbtxt asks for " + named + ", which is not installed or does not provide it"
                        + others,
                "Put a bundle " + named + " that provides it into the deploy folder, or change model_operations.");
    }

    private static String labels(List<OpProvider> providers) {
        return providers.stream().map(OpProvider::label).distinct().collect(Collectors.joining(", "));
    }

    /** Several bundles fit. */
    Reason ambiguous(String op, List<OpProvider> best) {
        return new Reason(
                Kind.AMBIGUOUS,
                op,
                best.stream().map(OpProvider::bundle).collect(Collectors.joining(",")),
                "Op " + op + " of model " + model + " is provided by "
                        + best.stream().map(OpProvider::label).collect(Collectors.joining(" and by "))
                        + ", and nothing says which one to take.",
                "Add one of these lines to config.pbtxt: "
                        + best.stream()
                                .map(p -> Ranges.line(p.bundle(), p.version()))
                                .collect(Collectors.joining(" or "))
                        + ".");
    }

    /** Each op of a bundle can be had, but not all from one version. */
    Reason noCommonVersion(String bundle, List<OpRequirement> ops) {
        String names = ops.stream().map(OpRequirement::op).collect(Collectors.joining(", "));
        return new Reason(
                Kind.VERSION_OUTSIDE_RANGE,
                names,
                bundle,
                "Ops " + names + " of model " + model + " are all provided by " + bundle
                        + ", but by no single installed version, and a model takes all ops of a bundle from one.",
                "Deploy a version of " + bundle + " that provides all of them.");
    }

    private String installed(String op, OpProvider provider) {
        String own = candidates.own().file(provider);
        return notAvailable(op)
                + (own.isEmpty()
                        ? provider.label() + " is installed, "
                        : provider.label() + ", which is the model's own " + own + ", is there, ");
    }

    private String notAvailable(String op) {
        return "Op " + op + " of model " + model + " is not available: ";
    }

    /** Why a bundle that is not active cannot be used, without what to do. */
    static String stopped(OpProvider provider) {
        String reason = bare(provider.reason());
        int remedy = reason.indexOf("; start it with:");
        if (reason.isEmpty()) {
            return provider.state() == State.FORMER
                    ? "its library is not there any more"
                    : "bundle " + provider.bundleId() + " is not active";
        }
        return remedy < 0 ? reason : reason.substring(0, remedy);
    }

    /** What to do about it. */
    static String start(OpProvider provider) {
        return provider.state() == State.FORMER
                ? "Release the model from it, or deploy that version again."
                : "Start it in the shell: start " + provider.bundleId() + ".";
    }

    /** A sentence part without its full stop. */
    static String bare(String sentence) {
        String text = sentence.strip();
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }
}
