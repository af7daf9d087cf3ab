package org.vitrail.quantizer;

/** The integer codes that a quantizer may use, from {@code lowest} to {@code highest}, both included. */
public record Grid(int lowest, int highest) {
    public Grid {
        if (lowest >= highest) {
            throw new IllegalArgumentException("a grid needs lowest < highest, got " + lowest + " … " + highest);
        }
    }

    /** The nearest code. */
    public int clip(int code) {
        return Math.max(lowest, Math.min(highest, code));
    }

    /** The number of codes less one: the steps between the ends. */
    public int steps() {
        return highest - lowest;
    }
}
