package org.vitrail.compensate;

/** How a weight matrix gets its codes once its scales are chosen. */
public enum WeightRounding {
    /** Each weight its nearest code. */
    NEAREST,
    /** {@link GptqRounding}: errors are passed on to the weights behind. */
    COMPENSATED,
    /** {@link BitSplit}: codes bit by bit and scales in turn. */
    BIT_SPLIT
}
