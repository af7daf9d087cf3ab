package org.vitrail.search;

import java.util.List;
import org.vitrail.quantizer.RowQuantizer;

/**
 * What the search chose for the linear layers that read one value.
 *
 * @param input quantizer of the rows they read
 * @param layers one a layer, in the order they were given
 * @param score the objective reached, over all of them
 */
public record LayerQuantizers(RowQuantizer input, List<Weight> layers, double score) {
    public LayerQuantizers {
        layers = List.copyOf(layers);
    }

    /**
     * One layer's matrix. The arrays are this record's own.
     *
     * @param scales one an output channel, or one for the whole matrix
     * @param meanError E[Ô − O] of each output channel, which bias correction subtracts
     */
    public record Weight(float[] scales, float[] meanError) {}
}
