package org.vitrail.search;

import org.vitrail.quantizer.RowQuantizer;
import org.vitrail.quantizer.WeightCodes;

/**
 * What the search chose for one linear layer.
 *
 * @param input quantizer of the rows it reads
 * @param weight its matrix on the grid; the rows of massive channels are zero, they stay float
 * @param meanError E[Ô − O] of each output channel, which bias correction subtracts; owned by this record
 * @param score the objective reached
 */
public record LayerQuantizers(RowQuantizer input, WeightCodes weight, float[] meanError, double score) {}
