package io.opgraft.models.internal.resolve;

import io.opgraft.backend.OpRequirement;
import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.Explanation.Reason;
import io.opgraft.models.internal.config.OpPin;
import io.opgraft.models.internal.resolve.Candidates.Judgement;
import io.opgraft.models.internal.resolve.Candidates.Verdict;
import io.opgraft.ops.OpProvider;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;

/** Puts into words why an op has no provider, and what to do about it. */
final class ExplanationWriter {
    private final String model;
    private final Candidates candidates;
    private final List<OpPin> pins;

    ExplanationWriter(String model, Candidates candidates, List<OpPin> pins) {
        this.model = model;
        this.candidates = candidates;
        this.pins = pins;
    }

    /** Every reason why no provider of an op fits, the nearest misses first. */
    List<Reason> noProvider(OpRequirement requirement) {
        List<Reason> near = new ArrayList<>();
        Map<String, List<OpProvider>> outside = new LinkedHashMap<>();
        List<OpProvider> notPinned = new ArrayList<>();
        for (OpProvider provider : candidates.of(requirement)) {
            Judgement judgement = candidates.judge(provider, requirement);
            switch (judgement.verdict()) {
                case OUTSIDE_RANGE ->
                    outside.computeIfAbsent(provider.bundle(), b -> new ArrayList<>())
                            .add(provider);
                case NOT_PINNED -> notPinned.add(provider);
                case REFUSED, STOPPED, CHECKING, MISMATCH -> near.add(nearMiss(requirement.op(), provider, judgement));
                case FITS -> throw new IllegalStateException(provider + " fits");
            }
        }
        outside.forEach((bundle, providers) -> near.add(outsideRange(requirement.op(), bundle, providers)));
        if (near.isEmpty()) {
            near.add(missing(requirement.op(), notPinned));
        }
        return near;
    }

    private Reason nearMiss(String op, OpProvider provider, Judgement judgement) {
        String head = notAvailable(op) + provider.label();
        if (judgement.verdict() == Verdict.STOPPED) {
            String why = judgement.detail().isEmpty()
                    ? "bundle " + provider.bundleId() + " is not active"
                    : bare(judgement.detail());
            return new Reason(Kind.BUNDLE_STOPPED, op, provider.label(), head + " is installed, but " + why + ".", "");
        }
        if (judgement.verdict() == Verdict.CHECKING) {
            return new Reason(
                    Kind.LIBRARY_CHECKING,
                    op,
                    provider.label(),
                    head + " is installed, and a trial load of its library is under way.",
                    "Wait for its end.");
        }
        if (judgement.verdict() == Verdict.REFUSED) {
            return new Reason(
                    Kind.LIBRARY_REFUSED,
                    op,
                    provider.label(),
                    head + " is installed, but its library was refused: " + bare(judgement.detail()) + ".",
                    "Deploy a version of " + provider.bundle() + " whose library can be used.");
        }
        return new Reason(
                Kind.SCHEMA_MISMATCH,
                op,
                provider.label(),
                head + " is installed, but does not define the op as the model expects: " + bare(judgement.detail())
                        + ".",
                "Deploy a version of " + provider.bundle() + " that the model was made for"
                        + (pins.isEmpty() ? "." : ", and name it in model_operations."));
    }

    private Reason outsideRange(String op, String bundle, List<OpProvider> providers) {
        VersionRange range = candidates.pin(bundle).range();
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
                        + text(range) + ".",
                "Deploy " + bundle + " " + wanted(range) + ", or widen the range in model_operations.");
    }

    private Reason missing(String op, List<OpProvider> notPinned) {
        if (pins.isEmpty()) {
            return new Reason(
                    Kind.OP_MISSING,
                    op,
                    "",
                    notAvailable(op) + "no installed bundle provides it.",
                    "Put a bundle that provides it into the deploy folder.");
        }
        String named = pins.stream()
                .map(p -> p.range() == null ? p.bundle() : p.bundle() + " " + text(p.range()))
                .collect(Collectors.joining(" or "));
        String others = notPinned.isEmpty()
                ? "."
                : "; bundles with an op of that name that are not named there: "
                        + notPinned.stream().map(OpProvider::label).distinct().collect(Collectors.joining(", "))
                        + ".";
        return new Reason(
                Kind.OP_MISSING,
                op,
                pins.get(0).bundle(),
                notAvailable(op) + "config.pbtxt asks for " + named + ", which is not installed or does not provide it"
                        + others,
                "Put a bundle " + named + " that provides it into the deploy folder, or change model_operations.");
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
                        + best.stream().map(ExplanationWriter::line).collect(Collectors.joining(" or "))
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

    private String notAvailable(String op) {
        return "Op " + op + " of model " + model + " is not available: ";
    }

    private static String line(OpProvider provider) {
        Version v = provider.version();
        return "model_operations { op_library_filename: \"" + provider.bundle() + ";version='[" + v.getMajor() + "."
                + v.getMinor() + "," + (v.getMajor() + 1) + ".0)'\" }";
    }

    /** A range as people write it: {@code [3.0,4.0)} rather than {@code [3.0.0,4.0.0)}. */
    private static String text(VersionRange range) {
        if (range.getRight() == null) {
            return brief(range.getLeft()) + " or higher";
        }
        return range.getLeftType() + brief(range.getLeft()) + "," + brief(range.getRight()) + range.getRightType();
    }

    private static String brief(Version v) {
        return v.getMicro() == 0 && v.getQualifier().isEmpty() ? v.getMajor() + "." + v.getMinor() : v.toString();
    }

    /** A range in the remedy: {@code 3.x} where it spans one major version. */
    private static String wanted(VersionRange range) {
        Version left = range.getLeft();
        Version nextMajor = new Version(left.getMajor() + 1, 0, 0);
        boolean wholeMajor = left.equals(new Version(left.getMajor(), 0, 0))
                && range.getLeftType() == VersionRange.LEFT_CLOSED
                && range.getRightType() == VersionRange.RIGHT_OPEN
                && nextMajor.equals(range.getRight());
        return wholeMajor ? left.getMajor() + ".x" : text(range);
    }

    private static String bare(String sentence) {
        String text = sentence.strip();
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }
}
