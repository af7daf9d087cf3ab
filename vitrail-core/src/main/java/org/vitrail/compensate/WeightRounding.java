package org.vitrail.compensate;

import java.util.function.Supplier;
import org.vitrail.quantizer.QuantizedWeight;

/** The rounding of a weight matrix to codes once its scales are chosen. */
public enum WeightRounding {
    /** Rounds each weight to its nearest code. */
    NEAREST,
    /** {@link GptqRounding}: compensates errors in the weights behind. */
    COMPENSATED,
    /** {@link BitSplit}: codes bit by bit and scales in turn. */
    BIT_SPLIT;

    /** Gives a matrix [inputs × outputs] its codes, from the nearest ones. */
    public interface Rounder {
        QuantizedWeight round(float[] matrix, QuantizedWeight nearest);
    }

    /**
     * The rounder of all matrices that read one value.
     *
     * @param gram gives XᵀX [inputs × inputs] over the calibration tokens; asked only where the rounding needs it
     * @param rows the number of tokens in {@code gram}
     */
    public Rounder rounder(Supplier<float[]> gram, int inputs, long rows) {
        return switch (this) {
            case NEAREST -> (matrix, nearest) -> nearest;
            case COMPENSATED -> new GptqRounding(gram.get(), inputs, rows)::round;
            case BIT_SPLIT -> {
                float[] h = gram.get();
                yield (matrix, nearest) -> BitSplit.round(matrix, h, nearest);
            }
        };
    }
}
