package org.vitrail.search;

import java.util.function.IntToDoubleFunction;

/**
 * The factors by which an initial interval is scaled in a search: {@code count} of them, evenly spaced from
 * {@code from} to {@code to} (α and β of the paper).
 */
public record Candidates(double from, double to, int count) {
    /** The paper's reach [P section 3.2], with the number of steps that it leaves open. */
    public static final Candidates PAPER = new Candidates(0.5, 1.2, 100);

    public Candidates {
        if (!(from > 0 && from < to) || count < 2) {
            throw new IllegalArgumentException(
                    "candidates need 0 < from < to and two of them at least, got " + from + " … " + to + ", " + count);
        }
    }

    public double factor(int index) {
        return from + (to - from) * index / (count - 1);
    }

    /** The candidate nearest to the unscaled interval. */
    public int unscaled() {
        return (int) Math.max(0, Math.min(count - 1, Math.rint((1 - from) / (to - from) * (count - 1))));
    }

    /**
     * The candidate with the largest score, coarse to fine: every stride-th candidate, then all between the
     * neighbours of the best. Objectives are smooth at the scale of the grid, so this is the exhaustive optimum at a
     * fifth of its cost. Ties go to the smaller factor.
     */
    public int best(IntToDoubleFunction score) {
        int stride = Math.max(1, (int) Math.round(Math.sqrt(count / 2.0)));
        int best = 0;
        double bestScore = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i += stride) {
            double value = score.applyAsDouble(i);
            if (value > bestScore) {
                best = i;
                bestScore = value;
            }
        }
        int centre = best;
        for (int i = Math.max(0, centre - stride + 1); i < Math.min(count, centre + stride); i++) {
            double value = i == centre ? bestScore : score.applyAsDouble(i);
            if (value > bestScore || (value == bestScore && i < best)) {
                best = i;
                bestScore = value;
            }
        }
        return best;
    }
}
