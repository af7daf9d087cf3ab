package org.vitrail.search;

/** Runs {@link PairSweep} over those pairs of a row's columns that are not tied in its scores. Not thread-safe. */
final class UntiedPairs {
    private final PairSweep sweep = new PairSweep();
    private double sum;
    private long count;

    /**
     * Sweeps the values s·Â in the order of A.
     *
     * @param quantized Â from {@code offset} on
     * @param sign s: 1, or −1 to find the pairs that keep their order instead of those that lose it
     */
    void sweep(RankedScores row, float[] quantized, int offset, int sign, double theta) {
        sum = 0;
        count = 0;
        int[] ties = row.ties();
        if (ties.length > 0) {
            // The pairs that the sweep over all columns finds among ties, subtracted in advance.
            fill(row.columns(), quantized, offset, sign);
            for (int t = 0; t < ties.length; t += 2) {
                sweep.run(ties[t], ties[t + 1], theta);
                sum -= sweep.sum();
                count -= sweep.count();
            }
        }
        fill(row.columns(), quantized, offset, sign);
        sweep.run(0, row.columns().length, theta);
        sum += sweep.sum();
        count += sweep.count();
    }

    private void fill(int[] columns, float[] quantized, int offset, int sign) {
        double[] values = sweep.room(columns.length);
        for (int k = 0; k < columns.length; k++) {
            values[k] = sign * quantized[offset + columns[k]];
        }
    }

    /** Returns Σ (θ + s·Âa − s·Âb) over the pairs found. */
    double sum() {
        return sum;
    }

    /** Returns the number of pairs a before b that have s·Âb &lt; s·Âa + θ. */
    long count() {
        return count;
    }
}
