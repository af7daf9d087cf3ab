package org.vitrail.search;

import java.util.Arrays;
import org.vitrail.quantizer.AffineQuantizer;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.quantizer.Grid;
import org.vitrail.quantizer.Symmetry;

/**
 * The clipping range of an activation, before a search scales it.
 *
 * @param low the smallest value it covers, at most 0
 * @param high the largest value it covers, at least 0
 */
record ClippingRange(double low, double high) {
    ClippingRange {
        low = Math.min(low, 0);
        high = Math.max(high, 0);
    }

    /** Returns the range that leaves out (1 − quantile) / 2 of the values at each end. */
    static ClippingRange ofQuantile(float[] values, double quantile) {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        int cut = (int) Math.floor((1 - quantile) / 2 * (sorted.length - 1));
        return new ClippingRange(sorted[cut], sorted[sorted.length - 1 - cut]);
    }

    /** Returns the range with each end multiplied by its factor. */
    ClippingRange scaled(double lowFactor, double highFactor) {
        return new ClippingRange(low * lowFactor, high * highFactor);
    }

    /** Returns the quantizer over this range; symmetric ones have the scale max|·| / (2^(b−1) − 1) [P section 3.2]. */
    AffineQuantizer quantizer(BitWidth bits, Symmetry symmetry) {
        Grid grid = bits.unsigned();
        return switch (symmetry) {
            case ASYMMETRIC -> AffineQuantizer.ofRange(low, high, grid);
            case SYMMETRIC ->
                AffineQuantizer.symmetric(
                        Math.max(-low, high) / bits.symmetric().highest(), grid);
        };
    }
}
