package org.vitrail.search;

import java.util.List;
import org.vitrail.quantizer.AffineQuantizer;

/**
 * What the search chose for the operands of a product.
 *
 * @param left of the left operand: one, or one a head
 * @param right of the right operand, as many
 * @param ranked whether the order of the scores was part of the objective
 * @param score the objective reached, the mean over heads where they have their own quantizers
 */
public record ProductQuantizers(List<AffineQuantizer> left, List<AffineQuantizer> right, boolean ranked, double score) {
    public ProductQuantizers {
        left = List.copyOf(left);
        right = List.copyOf(right);
    }
}
