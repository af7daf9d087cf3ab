package org.vitrail.compensate;

/** The rounding method that turns a weight matrix into codes once its scales are chosen. */
public enum WeightRounding {
    /** Rounds each weight to its nearest code. */
    NEAREST,
    /** {@link GptqRounding}: compensates errors in the weights behind. */
    COMPENSATED,
    /** {@link BitSplit}: alternates between codes, bit by bit, and scales. */
    BIT_SPLIT
}
