package org.vitrail.search;

import java.util.Arrays;
import java.util.function.Function;
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
     * The candidate with the largest score for each of several intervals at once, coarse to fine: every stride-th
     * candidate, then all between the neighbours of the best. Objectives are smooth at the scale of the grid, so this
     * is the exhaustive optimum at a fifth of its cost. Ties go to the smaller factor.
     *
     * @param intervals how many intervals are scaled, each by a candidate of its own
     * @param scores the score of each interval when interval g takes candidate choice[g]
     */
    public int[] best(int intervals, Function<int[], double[]> scores) {
        int stride = Math.max(1, (int) Math.round(Math.sqrt(count / 2.0)));
        int[] best = new int[intervals];
        double[] bestScores = new double[intervals];
        Arrays.fill(bestScores, Double.NEGATIVE_INFINITY);
        for (int coarse = 0; coarse < count; coarse += stride) {
            int[] choice = new int[intervals];
            Arrays.fill(choice, coarse);
            improve(choice, scores.apply(choice), best, bestScores);
        }
        int[] centre = best.clone();
        for (int offset = 1 - stride; offset < stride; offset++) {
            int[] choice = new int[intervals];
            for (int g = 0; g < intervals; g++) {
                choice[g] = Math.max(0, Math.min(count - 1, centre[g] + offset));
            }
            if (offset != 0) {
                improve(choice, scores.apply(choice), best, bestScores);
            }
        }
        return best;
    }

    /** The same for a single interval. */
    public int best(IntToDoubleFunction score) {
        return best(1, choice -> new double[] {score.applyAsDouble(choice[0])})[0];
    }

    private static void improve(int[] choice, double[] scores, int[] best, double[] bestScores) {
        for (int g = 0; g < choice.length; g++) {
            if (scores[g] > bestScores[g] || (scores[g] == bestScores[g] && choice[g] < best[g])) {
                best[g] = choice[g];
                bestScores[g] = scores[g];
            }
        }
    }
}
