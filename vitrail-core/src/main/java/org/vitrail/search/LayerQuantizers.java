package org.vitrail.search;

import java.util.List;
import org.vitrail.quantizer.LayerInputQuantizer;

/**
 * The quantizers that the search chose for the linear layers that read one value.
 *
 * @param input quantizer of the layers' input rows
 * @param scales the scales of each layer's weight, one per output channel or one for the whole matrix; in the order of
 * the layers, internal arrays
 * @param score the objective that was reached, over all layers
 */
public record LayerQuantizers(LayerInputQuantizer input, List<float[]> scales, double score) {
    public LayerQuantizers {
        scales = List.copyOf(scales);
    }
}
