package org.vitrail.search;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The factors by which a search scales an initial clipping range: {@code count} of them, evenly spaced from {@code
 * from} to {@code to} (α and β of the paper).
 *
 * @param peaks number of coarse peaks around which the search refines
 */
public record Candidates(double from, double to, int count, int peaks) {
    /**
     * The paper's range of factors [P section 3.2]; it leaves their number open. One clipping range for a whole tensor
     * gives objectives with several peaks, depending on whether the few largest values fall on a grid point or beside
     * it. Measured on the operands of DeiT-Tiny's attention, three peaks are enough to find the grid's optimum.
     */
    public static final Candidates PAPER = new Candidates(0.5, 1.2, 100, 3);

    /**
     * As fine as the paper's, with smaller factors for attention probabilities: most are so close to zero that half a
     * step of the paper's smallest range rounds them to zero.
     */
    public static final Candidates WIDE = new Candidates(0.05, 1.2, 164, 3);

    /**
     * Number of best candidates that are evaluated again once nothing moves. Of 148 searches on DeiT-Tiny (its layers
     * and products at 8 and at 6 bits) all end as an exhaustive evaluation does, at four fifths of its cost; with ten,
     * one search ends lower.
     */
    private static final int REEVALUATED_CANDIDATES = 20;

    public Candidates {
        if (!(from > 0 && from < to) || count < 2 || peaks < 1) {
            throw new IllegalArgumentException(
                    "candidates need 0 < from < to, a count of at least 2 and at least one peak, got " + from + " … "
                            + to + ", " + count + ", " + peaks);
        }
    }

    /** Candidates of an objective with one peak. */
    public Candidates(double from, double to, int count) {
        this(from, to, count, 1);
    }

    /** All settings as one text, of a form that stays. */
    String describe() {
        return "Candidates[from=" + from + ", to=" + to + ", count=" + count + ", peaks=" + peaks + "]";
    }

    public double factor(int index) {
        return from + (to - from) * index / (count - 1);
    }

    /** Returns the index of the candidate nearest to factor 1. */
    public int unscaled() {
        return (int) Math.max(0, Math.min(count - 1, Math.rint((1 - from) / (to - from) * (count - 1))));
    }

    /**
     * Returns the candidate with the largest score for each of several clipping ranges at once, coarse to fine: every
     * stride-th candidate, then all between the neighbours of the best of these. Objectives are smooth at the scale of
     * the grid, so this finds the exhaustive optimum at a third of its cost or less. Ties go to the smaller factor.
     *
     * @param ranges number of clipping ranges, each scaled by its own candidate
     * @param scores the score of each range g when it is scaled by candidate choice[g]
     */
    public int[] best(int ranges, Function<int[], double[]> scores) {
        return largest(everywhere(ranges, scores));
    }

    /** Returns the scores that this search evaluates, one row per clipping range; NaN where it does not evaluate. */
    double[][] everywhere(int ranges, Function<int[], double[]> scores) {
        double[][] known = unknown(ranges);
        int stride = stride();
        for (int coarse = 0; coarse < count; coarse += stride) {
            int[] choice = new int[ranges];
            Arrays.fill(choice, coarse);
            scoreCandidates(choice, scores, known);
        }
        int[][] centres = new int[ranges][];
        for (int g = 0; g < ranges; g++) {
            centres[g] = coarsePeaks(known[g], stride);
        }
        for (int p = 0; p < centres[0].length; p++) {
            int peak = p;
            around(Arrays.stream(centres).mapToInt(ofRange -> ofRange[peak]).toArray(), scores, known);
        }
        return known;
    }

    /** Returns the scores around the best of {@code before}, and from there uphill until the scores no longer grow. */
    double[][] near(double[][] before, Function<int[], double[]> scores) {
        double[][] known = unknown(before.length);
        scoreCandidates(largest(before), scores, known);
        climb(known, scores);
        return known;
    }

    /**
     * Adds the scores of the best candidates of {@code before}, and from there uphill until the scores no longer grow.
     */
    void reevaluateBest(double[][] before, double[][] known, Function<int[], double[]> scores) {
        int[][] order = Arrays.stream(before).map(Candidates::bestFirst).toArray(int[][]::new);
        for (int r = 0; r < REEVALUATED_CANDIDATES; r++) {
            int rank = r;
            scoreCandidates(
                    Arrays.stream(order)
                            .mapToInt(ofRange -> ofRange[Math.min(rank, ofRange.length - 1)])
                            .toArray(),
                    scores,
                    known);
        }
        climb(known, scores);
    }

    /** Continues until each range's best candidate is the best within one coarse step on both sides. */
    private void climb(double[][] known, Function<int[], double[]> scores) {
        int[] centres;
        int[] best = largest(known);
        do {
            centres = best;
            around(centres, scores, known);
            best = largest(known);
        } while (!Arrays.equals(best, centres));
    }

    /** Returns the candidates with known scores, best first. */
    private static int[] bestFirst(double[] known) {
        return IntStream.range(0, known.length)
                .filter(i -> !Double.isNaN(known[i]))
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -known[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private double[][] unknown(int ranges) {
        double[][] known = new double[ranges][count];
        for (double[] range : known) {
            Arrays.fill(range, Double.NaN);
        }
        return known;
    }

    /** Evaluates all candidates nearer to these than the next coarse ones. */
    private void around(int[] centres, Function<int[], double[]> scores, double[][] known) {
        int stride = stride();
        for (int offset = 1 - stride; offset < stride; offset++) {
            int[] choice = new int[centres.length];
            for (int g = 0; g < choice.length; g++) {
                choice[g] = Math.max(0, Math.min(count - 1, centres[g] + offset));
            }
            scoreCandidates(choice, scores, known);
        }
    }

    /** Returns the stride that keeps evaluations few: count / stride at first, then up to 2 · stride per peak. */
    private int stride() {
        return Math.max(1, (int) Math.round(Math.sqrt(count / (1.0 + peaks))));
    }

    /** Evaluates a choice, unless all of its scores are known. */
    private static void scoreCandidates(int[] choice, Function<int[], double[]> scores, double[][] known) {
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

    /** Returns the best coarse candidates, best first. */
    private int[] coarsePeaks(double[] known, int stride) {
        return IntStream.iterate(0, coarse -> coarse < count, coarse -> coarse + stride)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer coarse) -> -known[coarse]))
                .limit(peaks)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Returns each range's candidate with the largest known score. */
    static int[] largest(double[][] known) {
        int[] best = new int[known.length];
        for (int g = 0; g < best.length; g++) {
            for (int i = 0; i < known[g].length; i++) {
                if (!Double.isNaN(known[g][i])
                        && (Double.isNaN(known[g][best[g]]) || known[g][i] > known[g][best[g]])) {
                    best[g] = i;
                }
            }
        }
        return best;
    }

    /** The same for a single clipping range. */
    public int best(IntToDoubleFunction score) {
        return best(1, choice -> new double[] {score.applyAsDouble(choice[0])})[0];
    }
}
