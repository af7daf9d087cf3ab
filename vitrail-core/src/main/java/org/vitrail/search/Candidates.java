package org.vitrail.search;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The factors by which an initial interval is scaled in a search: {@code count} of them, evenly spaced from
 * {@code from} to {@code to} (α and β of the paper).
 *
 * @param peaks how many of the coarse candidates are looked at more closely
 */
public record Candidates(double from, double to, int count, int peaks) {
    /**
     * The paper's reach [P section 3.2], with the number of steps that it leaves open. One interval for a whole tensor
     * makes objectives with several peaks: whether the few largest values fall on a step or beside it can be seen.
     * Measured on the operands of DeiT-Tiny's attention, three peaks are enough to find the grid's optimum.
     */
    public static final Candidates PAPER = new Candidates(0.5, 1.2, 100, 3);

    public Candidates {
        if (!(from > 0 && from < to) || count < 2 || peaks < 1) {
            throw new IllegalArgumentException("candidates need 0 < from < to, two of them at least and a peak, got "
                    + from + " … " + to + ", " + count + ", " + peaks);
        }
    }

    /** Candidates of an objective with one peak. */
    public Candidates(double from, double to, int count) {
        this(from, to, count, 1);
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
     * candidate, then all between the neighbours of the best of these. Objectives are smooth at the scale of the grid, so
     * this is the exhaustive optimum at a third of its cost or less. Ties go to the smaller factor.
     *
     * @param intervals how many intervals are scaled, each by a candidate of its own
     * @param scores the score of each interval when interval g takes candidate choice[g]
     */
    public int[] best(int intervals, Function<int[], double[]> scores) {
        double[][] known = new double[intervals][count];
        for (double[] interval : known) {
            Arrays.fill(interval, Double.NaN);
        }
        int stride = stride();
        for (int coarse = 0; coarse < count; coarse += stride) {
            int[] choice = new int[intervals];
            Arrays.fill(choice, coarse);
            look(choice, scores, known);
        }
        int[][] centres = new int[intervals][];
        for (int g = 0; g < intervals; g++) {
            centres[g] = coarsePeaks(known[g], stride);
        }
        for (int peak = 0; peak < centres[0].length; peak++) {
            for (int offset = 1 - stride; offset < stride; offset++) {
                int[] choice = new int[intervals];
                for (int g = 0; g < intervals; g++) {
                    choice[g] = Math.max(0, Math.min(count - 1, centres[g][peak] + offset));
                }
                look(choice, scores, known);
            }
        }
        int[] best = new int[intervals];
        for (int g = 0; g < intervals; g++) {
            best[g] = largest(known[g]);
        }
        return best;
    }

    /** Keeps the number of looks small: count / stride at first, then up to 2 · stride a peak, fewer where peaks are near. */
    private int stride() {
        return Math.max(1, (int) Math.round(Math.sqrt(count / (1.0 + peaks))));
    }

    /** Asks for the scores of a choice, unless all of them are known. */
    private static void look(int[] choice, Function<int[], double[]> scores, double[][] known) {
        boolean isNew = false;
        for (int g = 0; g < choice.length; g++) {
            isNew |= Double.isNaN(known[g][choice[g]]);
        }
        if (isNew) {
            double[] found = scores.apply(choice);
            for (int g = 0; g < choice.length; g++) {
                known[g][choice[g]] = found[g];
            }
        }
    }

    /** The best coarse candidates, the best first. */
    private int[] coarsePeaks(double[] known, int stride) {
        return IntStream.iterate(0, coarse -> coarse < count, coarse -> coarse + stride)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer coarse) -> -known[coarse]))
                .limit(peaks)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static int largest(double[] known) {
        int best = -1;
        for (int i = 0; i < known.length; i++) {
            if (!Double.isNaN(known[i]) && (best < 0 || known[i] > known[best])) {
                best = i;
            }
        }
        return Math.max(best, 0);
    }

    /** The same for a single interval. */
    public int best(IntToDoubleFunction score) {
        return best(1, choice -> new double[] {score.applyAsDouble(choice[0])})[0];
    }
}
