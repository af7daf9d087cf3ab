package org.vitrail.quantizer;

/** What shares one scale in a weight. */
public enum Granularity {
    /** The whole matrix. */
    PER_TENSOR,
    /** One output channel. */
    PER_CHANNEL
}
