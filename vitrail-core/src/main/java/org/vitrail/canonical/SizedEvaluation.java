package org.vitrail.canonical;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.shape.EvaluationBudget;
import org.vitrail.shape.Shapes;

/**
 * Decides which constant nodes an engine may compute: those whose outputs have a size that is known beforehand and fits
 * the {@link EvaluationBudget}. Shapes are inferred only when the first node asks.
 */
final class SizedEvaluation {
    /** Operators whose output depends on the elements, and has at most as many elements as the inputs times their rank. */
    private static final Set<String> BOUNDED_BY_INPUTS = Set.of("NonZero", "Compress", "ReverseSequence");

    private final Graph graph;
    private final EvaluationBudget budget;
    private Optional<Shapes> shapes = Optional.empty();

    SizedEvaluation(Graph graph) {
        this.graph = graph;
        this.budget = EvaluationBudget.of(graph);
    }

    /** Returns whether a node may be computed, and takes its outputs from the budget. */
    boolean allow(Node node) {
        if (shapes.isEmpty()) {
            shapes = Optional.of(Shapes.infer(graph));
        }
        boolean bounded = BOUNDED_BY_INPUTS.contains(node.op());
        for (String value : bounded ? node.inputs() : node.outputs()) {
            if (!value.isEmpty()) {
                OptionalLong elements = elements(value);
                if (elements.isEmpty() || !budget.take(elements.getAsLong() * (bounded ? rank(value) : 1))) {
                    return false;
                }
            }
        }
        return true;
    }

    private OptionalLong elements(String value) {
        List<Dim> shape = shapes.orElseThrow().of(value).orElse(List.of(Dim.unknown()));
        long elements = 1;
        for (Dim dim : shape) {
            if (!(dim instanceof Dim.Known(long extent)) || extent > Integer.MAX_VALUE) {
                return OptionalLong.empty();
            }
            elements *= extent;
            if (elements > Integer.MAX_VALUE) {
                return OptionalLong.empty();
            }
        }
        return OptionalLong.of(elements);
    }

    private int rank(String value) {
        return Math.max(1, shapes.orElseThrow().of(value).map(List::size).orElse(1));
    }
}
