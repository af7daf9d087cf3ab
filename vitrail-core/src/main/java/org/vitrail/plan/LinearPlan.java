package org.vitrail.plan;

import org.vitrail.quantizer.BitWidth;
import org.vitrail.quantizer.RowQuantizer;

/**
 * How one linear layer is quantized. The arrays are this record's own.
 *
 * @param layer the output value of its product, by which the layer is known in the graph
 * @param input quantizer of the rows it reads
 * @param scales of its weight, one an output channel or one for all
 * @param biasCorrection subtracted from its output, one an output channel; empty for none
 */
public record LinearPlan(
        String layer, RowQuantizer input, BitWidth weightBits, float[] scales, float[] biasCorrection) {}
