package org.vitrail.quantizer;

/** The integer codes that a quantizer may use, from {@code lowest} to {@code highest}, both included. */
public record Grid(int lowest, int highest) {
    public Grid {
        if (lowest >= highest) {
            throw new IllegalArgumentException("a grid must have lowest < highest, got " + lowest + " … " + highest);
        }
    }

    /** Returns the code of the grid that is nearest to {@code code}. */
    public int clip(int code) {
        return Math.max(lowest, Math.min(highest, code));
    }

    /** Returns the number of steps between the lowest and the highest code: the number of codes minus 1. */
    public int steps() {
        return highest - lowest;
    }
}
