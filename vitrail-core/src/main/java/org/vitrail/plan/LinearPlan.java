package org.vitrail.plan;

import org.vitrail.quantizer.LayerInputQuantizer;
import org.vitrail.quantizer.QuantizedWeight;

/**
 * The quantization of one linear layer.
 *
 * @param layer the output value of its product, by which the layer is known in the graph
 * @param input quantizer of the rows it reads
 * @param weight its matrix [inputs × outputs] on the grid; rows of massive channels are zero, they stay float
 * @param biasCorrection subtracted from its output, one an output channel; empty for none; this record's own
 */
public record LinearPlan(String layer, LayerInputQuantizer input, QuantizedWeight weight, float[] biasCorrection) {
    public LinearPlan withBiasCorrection(float[] newCorrection) {
        return new LinearPlan(layer, input, weight, newCorrection);
    }
}
