package org.vitrail.search;

import java.util.List;
import org.vitrail.quantizer.AffineQuantizer;

/**
 * The quantizers that the search chose for the operands of a product.
 *
 * @param left of the left operand: one, or one per head
 * @param right of the right operand, as many as of the left
 * @param ranked whether the ranking loss was part of the objective
 * @param score the objective that was reached; the mean over heads where each has its own quantizers
 */
public record ProductQuantizers(List<AffineQuantizer> left, List<AffineQuantizer> right, boolean ranked, double score) {
    public ProductQuantizers {
        left = List.copyOf(left);
        right = List.copyOf(right);
    }
}
