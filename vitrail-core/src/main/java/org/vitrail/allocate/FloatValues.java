package org.vitrail.allocate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vitrail.engine.Engine;
import org.vitrail.engine.ImageRunner.ExampleRun;
import org.vitrail.tensor.Tensor;

/**
 * Values of the float model around its modules, for some modules and examples at a time: no more of them are held than
 * the context allows, save that one module's values of one example must fit.
 */
final class FloatValues {
    private final SensitivityTask task;
    private final List<Set<String>> wanted;

    /** @param wanted the values to compute for each module of the task */
    FloatValues(SensitivityTask task, List<Set<String>> wanted) {
        this.task = task;
        this.wanted = wanted;
    }

    /** Receives the values of some modules for some examples, in the order of the examples. */
    @FunctionalInterface
    interface Visitor {
        /** Receives, for each example by name, the wanted values of these modules and the inputs of the model. */
        void see(List<Integer> modules, List<Map<String, Tensor>> examples);
    }

    /** Passes the values of every module for every example to the visitor, each module's examples in their order. */
    void visit(Visitor visitor) {
        Set<String> all = new LinkedHashSet<>();
        wanted.forEach(all::addAll);
        task.graph().inputNames().forEach(all::remove);
        int count = task.inputs().size();
        try (Engine engine = task.context().open(task.graph(), List.copyOf(all))) {
            Map<String, Tensor> first = engine.run(task.inputs().get(0));
            for (List<Integer> modules : groups(first)) {
                Set<String> values = values(modules);
                int held = (int) Math.max(
                        1, Math.min(count, task.context().heldBytes() / Math.max(1, bytes(values, first))));
                for (int from = 0; from < count; from += held) {
                    List<Map<String, Tensor>> examples = new ArrayList<>();
                    task.context()
                            .runner()
                            .run(
                                    List.of(engine),
                                    task.inputs().slice(from, Math.min(count, from + held)),
                                    run -> kept(run, values),
                                    examples::add);
                    visitor.see(modules, examples);
                }
            }
        }
    }

    private static Map<String, Tensor> kept(ExampleRun run, Set<String> values) {
        Map<String, Tensor> kept = new HashMap<>(run.outputs().getFirst());
        kept.keySet().retainAll(values);
        kept.putAll(run.inputs());
        return kept;
    }

    /** Returns groups of consecutive modules whose values of all examples fit into memory together. */
    private List<List<Integer>> groups(Map<String, Tensor> first) {
        List<List<Integer>> groups = new ArrayList<>();
        for (int module = 0; module < wanted.size(); module++) {
            List<Integer> larger = new ArrayList<>(groups.isEmpty() ? List.of() : groups.getLast());
            larger.add(module);
            if (!groups.isEmpty()
                    && bytes(values(larger), first) * task.inputs().size()
                            <= task.context().heldBytes()) {
                groups.set(groups.size() - 1, larger);
            } else {
                groups.add(new ArrayList<>(List.of(module)));
            }
        }
        return groups;
    }

    private Set<String> values(List<Integer> modules) {
        Set<String> values = new LinkedHashSet<>();
        modules.forEach(module -> values.addAll(wanted.get(module)));
        return values;
    }

    private static long bytes(Set<String> values, Map<String, Tensor> first) {
        return values.stream()
                .filter(first::containsKey)
                .mapToLong(value -> 4L * first.get(value).size())
                .sum();
    }
}
