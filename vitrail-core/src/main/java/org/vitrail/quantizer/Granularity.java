package org.vitrail.quantizer;

/** The granularity of weight quantization: the set of weights that share one scale. */
public enum Granularity {
    /** One scale for the whole matrix. */
    PER_TENSOR,
    /** One scale per output channel. */
    PER_CHANNEL
}
