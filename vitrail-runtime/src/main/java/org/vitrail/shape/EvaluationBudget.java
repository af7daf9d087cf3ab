package org.vitrail.shape;

import org.vitrail.graph.Attribute;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.tensor.Limits;

/**
 * Bounds the constants that one pass over a graph computes, in elements: each by {@link Limits#MAX_FOLDED_ELEMENTS} or
 * the number of elements that the file stores, and all together by {@link Limits#MAX_FOLDED_TOTAL} and four times that
 * number. A model of a few bytes can thus not make a pass fill the memory, and memory and time of a pass stay in
 * proportion to the file.
 */
public final class EvaluationBudget {
    private static final int MAX_COPIES = 4;

    private final long largest;
    private long left;

    private EvaluationBudget(long stored) {
        this.largest = Math.max(stored, Limits.MAX_FOLDED_ELEMENTS);
        this.left = MAX_COPIES * stored + Limits.MAX_FOLDED_TOTAL;
    }

    /** Returns the budget of one pass over a graph. */
    public static EvaluationBudget of(Graph graph) {
        return new EvaluationBudget(stored(graph));
    }

    /** Returns whether a graph stores no more elements than one pass over {@code original} may compute. */
    public static boolean allows(Graph original, Graph graph) {
        return stored(graph) <= of(original).left;
    }

    private static long stored(Graph graph) {
        long stored = graph.weights().values().stream()
                .mapToLong(weight -> weight.count())
                .sum();
        for (Node node : graph.nodes()) {
            for (Attribute attribute : node.attributes().values()) {
                stored += attribute instanceof Attribute.TensorValue(var constant) ? constant.count() : 0;
            }
        }
        return stored;
    }

    /** Takes the elements of one constant; returns whether the constant may be computed. */
    public boolean take(long elements) {
        if (elements > largest || elements > left) {
            return false;
        }
        left -= elements;
        return true;
    }
}
