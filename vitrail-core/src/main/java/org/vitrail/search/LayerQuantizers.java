package org.vitrail.search;

import java.util.List;
import org.vitrail.quantizer.LayerInputQuantizer;

/**
 * What the search chose for the linear layers that read one value.
 *
 * @param input quantizer of the rows they read
 * @param scales of each layer's weight, one an output channel or one for the whole matrix; in the order the layers were
 *     given, the arrays are this record's own
 * @param score the objective reached, over all of them
 */
public record LayerQuantizers(LayerInputQuantizer input, List<float[]> scales, double score) {
    public LayerQuantizers {
        scales = List.copyOf(scales);
    }
}
