package org.vitrail.quantizer;

/** Whether an activation quantizer may move its zero point. */
public enum Symmetry {
    /** The zero point stays in the middle of the grid [P eq. 4]. */
    SYMMETRIC,
    /** The grid covers [low, high], wherever 0 lies in it. */
    ASYMMETRIC
}
