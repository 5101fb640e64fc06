package io.opgraft.ensemble.internal;

import io.opgraft.backend.EnsembleStep;
import io.opgraft.backend.ModelLoadException;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.TensorSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The steps of an ensemble and which of them wait for which. */
final class Plan {
    /**
     * One step.
     *
     * @param index its place in the plan
     * @param step what the configuration says
     * @param outputs names of the model's outputs that are used, in a fixed order
     * @param before the steps whose tensors it takes
     */
    record Step(int index, EnsembleStep step, List<String> outputs, Set<Integer> before) {
        String model() {
            return step.model();
        }
    }

    private final List<Step> steps;
    private final Map<String, Integer> makers;

    private Plan(List<Step> steps, Map<String, Integer> makers) {
        this.steps = steps;
        this.makers = makers;
    }

    /**
     * Makes the plan.
     *
     * @throws ModelLoadException if a tensor has no maker or two, or steps wait for each other
     */
    static Plan of(ModelSource source) throws ModelLoadException {
        if (source.steps().isEmpty()) {
            throw new ModelLoadException("ensemble_scheduling of config.pbtxt has no step");
        }
        Set<String> given = source.inputs().stream().map(TensorSpec::name).collect(Collectors.toSet());
        Map<String, Integer> makers = new HashMap<>();
        for (int i = 0; i < source.steps().size(); i++) {
            for (String tensor : new TreeSet<>(source.steps().get(i).outputs().values())) {
                if (given.contains(tensor) || makers.put(tensor, i) != null) {
                    throw new ModelLoadException(
                            "tensor \"" + tensor + "\" has two makers; one of them is the step of model "
                                    + source.steps().get(i).model());
                }
            }
        }
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < source.steps().size(); i++) {
            EnsembleStep step = source.steps().get(i);
            Set<Integer> before = new TreeSet<>();
            for (Map.Entry<String, String> input : new TreeMap<>(step.inputs()).entrySet()) {
                Integer maker = makers.get(input.getValue());
                if (maker != null) {
                    before.add(maker);
                } else if (!given.contains(input.getValue())) {
                    throw new ModelLoadException("tensor \"" + input.getValue() + "\" for input \"" + input.getKey()
                            + "\" of model " + step.model() + " is no input of the ensemble and no step makes it");
                }
            }
            steps.add(new Step(i, step, List.copyOf(new TreeSet<>(step.outputs().keySet())), Set.copyOf(before)));
        }
        for (TensorSpec output : source.outputs()) {
            // An input that is an output as well would outlive its request.
            if (!makers.containsKey(output.name())) {
                throw new ModelLoadException("no step makes the output \"" + output.name() + "\"");
            }
        }
        Plan plan = new Plan(List.copyOf(steps), Map.copyOf(makers));
        plan.checkCycles();
        return plan;
    }

    private void checkCycles() throws ModelLoadException {
        Set<Integer> done = new TreeSet<>();
        boolean progress = true;
        while (progress) {
            progress = false;
            for (Step step : steps) {
                progress |= done.containsAll(step.before()) && done.add(step.index());
            }
        }
        if (done.size() < steps.size()) {
            String stuck = steps.stream()
                    .filter(step -> !done.contains(step.index()))
                    .map(step -> step.model() + " ("
                            + String.join(
                                    ", ", new TreeSet<>(step.step().inputs().values())) + " -> "
                            + String.join(
                                    ", ", new TreeSet<>(step.step().outputs().values())) + ")")
                    .collect(Collectors.joining(", "));
            throw new ModelLoadException("steps wait for each other in a cycle: " + stuck);
        }
    }

    List<Step> steps() {
        return steps;
    }

    /** The step that makes a tensor; null if it comes with the request. */
    Integer maker(String tensor) {
        return makers.get(tensor);
    }

    /** The steps that some outputs need. */
    Set<Integer> needed(List<String> outputs) {
        Set<Integer> needed = new TreeSet<>();
        for (String output : outputs) {
            need(makers.get(output), needed);
        }
        return needed;
    }

    private void need(Integer step, Set<Integer> needed) {
        if (step != null && needed.add(step)) {
            steps.get(step).before().forEach(before -> need(before, needed));
        }
    }
}
