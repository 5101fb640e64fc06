package io.opgraft.models.internal.lifecycle;

import io.opgraft.backend.DataType;
import io.opgraft.backend.EnsembleStep;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.Explanation;
import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.Explanation.Reason;
import io.opgraft.models.ModelMetadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Compares an ensemble with the models that serve its steps now. */
final class EnsembleCheck {
    private final ModelSource ensemble;
    private final Views views;
    private final List<Reason> reasons = new ArrayList<>();
    private final Map<String, DataType> tensors = new HashMap<>();

    private EnsembleCheck(ModelSource ensemble, Views views) {
        this.ensemble = ensemble;
        this.views = views;
    }

    /**
     * Checks.
     *
     * @return models that are not ready, else what does not fit; empty if the ensemble can serve
     */
    static Explanation check(ModelSource ensemble, Views views) {
        EnsembleCheck check = new EnsembleCheck(ensemble, views);
        ensemble.steps().forEach(check::ready);
        if (check.reasons.isEmpty()) {
            ensemble.inputs().forEach(input -> check.tensors.put(input.name(), input.datatype()));
            ensemble.steps().forEach(check::outputs);
            ensemble.steps().forEach(check::inputs);
            ensemble.outputs().forEach(check::result);
        }
        return new Explanation(check.reasons.stream().distinct().toList());
    }

    /**
     * Whether an ensemble that serves can no longer do so.
     *
     * @param serving the ensemble as it serves
     */
    static boolean isBroken(ModelSource serving, Views views) {
        return !check(serving, views).isEmpty();
    }

    private static Instance instance(EnsembleStep step, Views views) {
        ModelView view = views.get(step.model());
        if (view == null) {
            return null;
        }
        return step.version() < 0 ? view.highest() : view.ready().get(step.version());
    }

    private ModelMetadata model(EnsembleStep step) {
        Instance instance = instance(step, views);
        return instance == null ? null : instance.metadata();
    }

    private void ready(EnsembleStep step) {
        if (instance(step, views) == null) {
            ModelView view = views.get(step.model());
            boolean loaded = view != null && view.status().askedFor();
            reasons.add(new Reason(
                    Kind.MODEL_NOT_READY,
                    "",
                    step.model(),
                    "Ensemble " + ensemble.name() + " needs model " + step.model()
                            + (step.version() < 0 ? "" : " version " + step.version()) + ", which is not "
                            + (loaded ? "ready." : "loaded."),
                    "The ensemble becomes ready when that model does."));
        }
    }

    private void outputs(EnsembleStep step) {
        ModelMetadata model = model(step);
        step.outputs().forEach((output, tensor) -> {
            TensorSpec spec = find(model.outputs(), output);
            if (spec == null) {
                wrong("takes output \"" + output + "\" of model " + step.model() + ", which gives only "
                        + names(model.outputs()));
            } else {
                tensors.put(tensor, spec.datatype());
            }
        });
    }

    private void inputs(EnsembleStep step) {
        ModelMetadata model = model(step);
        step.inputs().forEach((input, tensor) -> {
            TensorSpec spec = find(model.inputs(), input);
            if (spec == null) {
                wrong("gives tensor \"" + tensor + "\" to input \"" + input + "\" of model " + step.model()
                        + ", which takes only " + names(model.inputs()));
            } else if (tensors.containsKey(tensor) && tensors.get(tensor) != spec.datatype()) {
                wrong("gives tensor \"" + tensor + "\" of " + tensors.get(tensor) + " to input \"" + input
                        + "\" of model " + step.model() + ", which takes " + spec.datatype());
            }
        });
        for (TensorSpec spec : model.inputs()) {
            boolean optional = model.options().optionalInputs().contains(spec.name());
            if (!optional && !step.inputs().containsKey(spec.name())) {
                wrong("gives no tensor to input \"" + spec.name() + "\" of model " + step.model());
            }
        }
    }

    private void result(TensorSpec output) {
        DataType made = tensors.get(output.name());
        if (made != null && made != output.datatype()) {
            wrong("declares output \"" + output.name() + "\" as " + output.datatype() + ", but its step makes " + made);
        }
    }

    private void wrong(String what) {
        reasons.add(new Reason(
                Kind.CONFIGURATION,
                "",
                "ensemble_scheduling",
                "Ensemble " + ensemble.name() + " " + what + ".",
                "Correct ensemble_scheduling in its config.pbtxt."));
    }

    private static TensorSpec find(List<TensorSpec> specs, String name) {
        return specs.stream()
                .filter(spec -> spec.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static String names(List<TensorSpec> specs) {
        return specs.stream().map(TensorSpec::name).collect(Collectors.joining(", "));
    }
}
