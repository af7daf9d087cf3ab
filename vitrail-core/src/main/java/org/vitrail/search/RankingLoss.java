package org.vitrail.search;

import java.util.Arrays;

/**
 * Computes the ranking loss of attention scores [P eq. 10]: for a row of scores A and its quantized form Â
 *
 * <pre>  L = mean over i &lt; j of Φ((Âi − Âj) · sign(Ai − Aj)),   Φ(p) = max(0, θ − p)</pre>
 *
 * <p>so that a pair costs nothing where its order is kept by a margin of θ. Pairs that are tied in A cost θ. With the
 * columns sorted by A, a pair a before b costs max(0, θ + Âa − Âb); these are summed in O(w log w) by {@link
 * PairSweep}, or where rows are short by {@link HingeSums}, several rows at once.
 *
 * <p>Holds scratch memory: not thread-safe.
 */
public final class RankingLoss {
    /** Rows that are summed at once: enough for long loops, and few enough for a core's own cache. */
    private static final int ROWS_PER_BATCH = 32;

    private final double theta;
    private final UntiedPairs pairs = new UntiedPairs();
    private final HingeSums hinges = new HingeSums();

    /**
     * @param theta the margin, in units of the scores that enter softmax
     */
    public RankingLoss(double theta) {
        if (!(theta >= 0)) {
            throw new IllegalArgumentException("a margin must be zero or more, got " + theta);
        }
        this.theta = theta;
    }

    /**
     * Returns the mean loss over the pairs of each row; 0 where there is no pair.
     *
     * @param quantized Â [rows × width], row-major
     */
    public double[] of(RankedScores[] rows, float[] quantized, int width) {
        double[] losses = new double[rows.length];
        for (int from = 0; from < rows.length; from += ROWS_PER_BATCH) {
            int to = Math.min(from + ROWS_PER_BATCH, rows.length);
            int longest = Arrays.stream(rows, from, to)
                    .mapToInt(row -> row.columns().length)
                    .max()
                    .orElse(0);
            if (longest <= HingeSums.MAX_SEQUENCE_LENGTH) {
                sideBySide(Arrays.copyOfRange(rows, from, to), longest, quantized, from, width, losses);
            } else {
                for (int row = from; row < to; row++) {
                    losses[row] = of(rows[row], quantized, row * width);
                }
            }
        }
        return losses;
    }

    /**
     * Returns the mean loss over the pairs of a row; 0 without pairs. {@code quantized} holds Â from {@code offset} on.
     */
    double of(RankedScores row, float[] quantized, int offset) {
        if (row.pairs() == 0) {
            return 0;
        }
        pairs.sweep(row, quantized, offset, 1, theta);
        return (pairs.sum() + theta * row.tiedPairs()) / row.pairs();
    }

    private void sideBySide(RankedScores[] rows, int longest, float[] quantized, int from, int width, double[] losses) {
        float[] values = hinges.room(longest, rows.length);
        for (int r = 0; r < rows.length; r++) {
            int[] columns = rows[r].columns();
            for (int k = 0; k < columns.length; k++) {
                values[k * rows.length + r] = quantized[(from + r) * width + columns[k]];
            }
            for (int k = columns.length; k < longest; k++) {
                // Padding so far above all other values, and each above the one before, that no pair counts.
                values[k * rows.length + r] = Float.MAX_VALUE / longest * k;
            }
        }
        double[] sums = hinges.of((float) theta);
        for (int r = 0; r < rows.length; r++) {
            if (rows[r].pairs() > 0) {
                double untied = sums[r] - amongTies(rows[r].ties(), values, rows.length, r);
                losses[from + r] = (untied + theta * rows[r].tiedPairs()) / rows[r].pairs();
            }
        }
    }

    /** Returns the contribution of the pairs that are tied in A. */
    private double amongTies(int[] ties, float[] values, int rows, int row) {
        double sum = 0;
        for (int t = 0; t < ties.length; t += 2) {
            for (int a = ties[t]; a < ties[t + 1]; a++) {
                for (int b = a + 1; b < ties[t + 1]; b++) {
                    sum += Math.max(0, (float) theta + (values[a * rows + row] - values[b * rows + row]));
                }
            }
        }
        return sum;
    }
}
