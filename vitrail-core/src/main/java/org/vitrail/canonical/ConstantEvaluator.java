package org.vitrail.canonical;

import java.util.Map;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Weight;

/** Computes constants for which {@link ConstantFolding} has no rule, such as resized position embeddings. */
@FunctionalInterface
public interface ConstantEvaluator {
    /** Evaluates nothing: constants without a rule stay in the graph. */
    ConstantEvaluator NONE = constants -> Map.of();

    /** Returns the outputs of a graph without inputs, by name; outputs left out are not folded. */
    Map<String, Weight> evaluate(Graph constants);
}
