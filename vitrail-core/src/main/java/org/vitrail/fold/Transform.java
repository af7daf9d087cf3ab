package org.vitrail.fold;

import java.util.Map;
import org.vitrail.block.Recognition;
import org.vitrail.capture.ActivationStatistics;
import org.vitrail.graph.Graph;

/**
 * Rewrites a recognised float model into one with equal outputs, such as a rotation of the residual stream that is folded
 * into the weights around it. Implementations are records without arrays: two with the same settings are equal, and their
 * text, which stands in the provenance of quantized files, says all of them.
 */
public interface Transform {
    /**
     * The values of the model whose statistics {@link #apply} needs, in graph order, each with the extent of its last axis,
     * or 1 to see it as single numbers; empty where it needs none. The statistics of all of them are held at once.
     */
    Map<String, Integer> observes(Recognition recognition);

    /**
     * The rewritten model; the model's own graph where there is nothing to do. Inputs and outputs keep their names, types
     * and shapes, and float outputs agree to float rounding.
     *
     * @param statistics of the values that {@link #observes} names, over the calibration examples; of this model
     */
    Graph apply(Recognition recognition, Map<String, ActivationStatistics> statistics);
}
