package org.vitrail.checkpoint;

/** The placement of a block's LayerNorms: x + f(norm(x)), or norm(x + f(x)). */
public enum NormPlacement {
    BEFORE,
    AFTER
}
