package org.vitrail.checkpoint;

/** The vector that the head reads, from the tokens after the last block. */
public enum Pooling {
    CLASS_TOKEN,
    /** The mean over the patch tokens. */
    AVERAGE,
    /** The class token followed by the mean over the patch tokens: a vector of twice the width (DINOv2's classifiers). */
    CLASS_TOKEN_AND_AVERAGE,
    /** Attention of one learned query over all tokens, with an MLP behind it (SigLIP). */
    ATTENTION
}
