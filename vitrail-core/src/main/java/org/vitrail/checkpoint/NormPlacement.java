package org.vitrail.checkpoint;

/** Where a block's LayerNorms stand: x + f(norm(x)), or norm(x + f(x)). */
public enum NormPlacement {
    BEFORE,
    AFTER
}
