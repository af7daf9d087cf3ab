package org.vitrail.pipeline;

import org.vitrail.block.Recognition;
import org.vitrail.engine.EngineProvider;
import org.vitrail.graph.Graph;

/**
 * A float model as it was opened, which results are compared with, and the equal one that is quantized. A rewrite that
 * changes what the model computes shows in the comparison.
 *
 * @param opened no rewrite has touched it
 * @param recognition the parts of the rewritten model
 */
public record PreparedModel(Graph opened, Recognition recognition) {
    /**
     * Brings an opened model into the form in which its parts are found, and finds them.
     *
     * @param file what messages call the model
     * @param engines computes constants
     * @throws org.vitrail.tensor.VitrailException when the model cannot be quantized, with what to do
     */
    public static PreparedModel of(Graph opened, String file, EngineProvider engines) {
        return new PreparedModel(opened, Quantization.recognise(opened, file, engines));
    }
}
