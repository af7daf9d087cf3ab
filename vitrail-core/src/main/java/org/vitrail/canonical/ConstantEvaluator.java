package org.vitrail.canonical;

import java.util.Map;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Weight;

/** Computes constants that {@link ConstantFolding} has no rule of its own for, such as resized position embeddings. */
@FunctionalInterface
public interface ConstantEvaluator {
    /** Runs nothing: what there is no rule for stays in the graph. */
    ConstantEvaluator NONE = constants -> Map.of();

    /** The outputs of a graph without inputs, by name; those left out stay as they are. */
    Map<String, Weight> evaluate(Graph constants);
}
