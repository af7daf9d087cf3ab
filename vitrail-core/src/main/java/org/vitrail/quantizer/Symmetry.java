package org.vitrail.quantizer;

/** The symmetry of an activation quantizer: whether its zero point is fixed or follows the range. */
public enum Symmetry {
    /** The zero point is fixed at the middle of the grid [P eq. 4]. */
    SYMMETRIC,
    /** The zero point is chosen so that the grid covers [low, high]. */
    ASYMMETRIC
}
