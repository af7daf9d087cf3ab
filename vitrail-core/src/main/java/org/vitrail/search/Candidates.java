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

    /**
     * As fine as the paper's, and as far as attention probabilities need: most are so close to zero that a step of half
     * the paper's least interval loses them.
     */
    public static final Candidates WIDE = new Candidates(0.05, 1.2, 164, 3);

    /**
     * How many of the best candidates are looked at again once nothing moves. Of 148 searches on DeiT-Tiny (its layers and
     * products at 8 and at 6 bits) all end as by a look everywhere, for four fifths of the looks; with ten, one ends lower.
     */
    private static final int REEVALUATED_CANDIDATES = 20;

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

    /** All settings as one text, of a form that stays. */
    String describe() {
        return "Candidates[from=" + from + ", to=" + to + ", count=" + count + ", peaks=" + peaks + "]";
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
        return largest(everywhere(intervals, scores));
    }

    /** The scores that this search looks at, one row an interval; NaN where it does not look. */
    double[][] everywhere(int intervals, Function<int[], double[]> scores) {
        double[][] known = unknown(intervals);
        int stride = stride();
        for (int coarse = 0; coarse < count; coarse += stride) {
            int[] choice = new int[intervals];
            Arrays.fill(choice, coarse);
            scoreCandidates(choice, scores, known);
        }
        int[][] centres = new int[intervals][];
        for (int g = 0; g < intervals; g++) {
            centres[g] = coarsePeaks(known[g], stride);
        }
        for (int p = 0; p < centres[0].length; p++) {
            int peak = p;
            around(
                    Arrays.stream(centres)
                            .mapToInt(ofInterval -> ofInterval[peak])
                            .toArray(),
                    scores,
                    known);
        }
        return known;
    }

    /** The scores around what was best when scores were {@code before}, and from there to where they are larger now. */
    double[][] near(double[][] before, Function<int[], double[]> scores) {
        double[][] known = unknown(before.length);
        scoreCandidates(largest(before), scores, known);
        climb(known, scores);
        return known;
    }

    /** Adds the scores of those that were best when scores were {@code before}, and from there to where they are larger. */
    void reevaluateBest(double[][] before, double[][] known, Function<int[], double[]> scores) {
        int[][] order = Arrays.stream(before).map(Candidates::bestFirst).toArray(int[][]::new);
        for (int r = 0; r < REEVALUATED_CANDIDATES; r++) {
            int rank = r;
            scoreCandidates(
                    Arrays.stream(order)
                            .mapToInt(ofInterval -> ofInterval[Math.min(rank, ofInterval.length - 1)])
                            .toArray(),
                    scores,
                    known);
        }
        climb(known, scores);
    }

    /** Until each interval's best candidate is so as far around as coarse ones lie apart. */
    private void climb(double[][] known, Function<int[], double[]> scores) {
        int[] centres;
        int[] best = largest(known);
        do {
            centres = best;
            around(centres, scores, known);
            best = largest(known);
        } while (!Arrays.equals(best, centres));
    }

    /** The candidates with known scores. */
    private static int[] bestFirst(double[] known) {
        return IntStream.range(0, known.length)
                .filter(i -> !Double.isNaN(known[i]))
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -known[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private double[][] unknown(int intervals) {
        double[][] known = new double[intervals][count];
        for (double[] interval : known) {
            Arrays.fill(interval, Double.NaN);
        }
        return known;
    }

    /** Looks at all candidates nearer to these than the next coarse ones. */
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

    /** Keeps the number of looks small: count / stride at first, then up to 2 · stride a peak, fewer where peaks are near. */
    private int stride() {
        return Math.max(1, (int) Math.round(Math.sqrt(count / (1.0 + peaks))));
    }

    /** Asks for the scores of a choice, unless all of them are known. */
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

    /** The best coarse candidates, the best first. */
    private int[] coarsePeaks(double[] known, int stride) {
        return IntStream.iterate(0, coarse -> coarse < count, coarse -> coarse + stride)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer coarse) -> -known[coarse]))
                .limit(peaks)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Each interval's candidate with the largest known score. */
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

    /** The same for a single interval. */
    public int best(IntToDoubleFunction score) {
        return best(1, choice -> new double[] {score.applyAsDouble(choice[0])})[0];
    }
}
