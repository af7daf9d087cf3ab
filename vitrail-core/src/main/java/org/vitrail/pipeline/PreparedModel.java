package org.vitrail.pipeline;

import org.vitrail.block.Recognition;
import org.vitrail.graph.Graph;

/**
 * A float model as it was opened, which results are compared with, and the equivalent model that is quantized. A
 * rewrite that changes the outputs shows in the comparison.
 *
 * @param opened no rewrite has touched it
 * @param recognition the parts of the rewritten model
 */
public record PreparedModel(Graph opened, Recognition recognition) {}
