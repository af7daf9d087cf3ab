package org.vitrail.shape;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.ValueInfo;

/**
 * Propagates shapes through a graph once, with plain numbers for all extents, and infers what it can about each value.
 */
final class ShapePropagation {
    /** Gives the value of a graph input, or of an intermediate value that the file declares. */
    interface Description {
        Optional<InferredValue> of(ValueInfo info);
    }

    private ShapePropagation() {}

    /**
     * Returns what is inferred about all values, those {@code given} included; where no rule applies, {@code described}
     * supplies the declaration of the file.
     */
    static Map<String, InferredValue> run(
            Graph graph, Map<String, InferredValue> given, Description described, EvaluationBudget budget) {
        Map<String, InferredValue> facts = new HashMap<>(given);
        for (ValueInfo input : graph.inputs()) {
            described.of(input).ifPresent(fact -> facts.put(input.name(), fact));
        }
        for (Node node : graph.nodes()) {
            if (facts.keySet().containsAll(node.outputs())) {
                continue;
            }
            InferenceContext context = new InferenceContext(node, facts, budget);
            List<InferredValue> outputs =
                    Operator.rule(node).map(rule -> outputs(rule, context)).orElse(List.of());
            for (int i = 0; i < node.outputs().size(); i++) {
                String output = node.outputs().get(i);
                Optional<InferredValue> fact = i < outputs.size()
                        ? Optional.of(outputs.get(i))
                        : Optional.ofNullable(graph.values().get(output)).flatMap(described::of);
                fact.ifPresent(known -> facts.put(output, known));
            }
        }
        return facts;
    }

    /**
     * The outputs that a rule infers; none where it throws one of the exceptions of {@link InferenceRule}: whether the
     * model is wrong is for the engine to say.
     */
    static List<InferredValue> outputs(InferenceRule rule, InferenceContext context) {
        try {
            return rule.outputs(context);
        } catch (NoSuchElementException
                | IllegalArgumentException
                | IndexOutOfBoundsException
                | NegativeArraySizeException
                | ArithmeticException notKnown) {
            return List.of();
        }
    }
}
