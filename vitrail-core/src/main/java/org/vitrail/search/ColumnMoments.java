package org.vitrail.search;

/**
 * Accumulates the {@link Moments} of a float output O against Ô, row by row, separately for each column: the columns'
 * sums do not depend on each other, so the additions vectorize. Not thread-safe.
 */
final class ColumnMoments {
    private final double[] sumO;
    private final double[] sumOO;
    private final double[] sumE;
    private final double[] sumEE;
    private final double[] sumOE;
    private double rows;

    ColumnMoments(int columns) {
        sumO = new double[columns];
        sumOO = new double[columns];
        sumE = new double[columns];
        sumEE = new double[columns];
        sumOE = new double[columns];
    }

    /** Adds the row of O and Ô that starts at {@code offset}, with this weight. */
    void add(float[] original, float[] quantized, int offset, double weight) {
        for (int n = 0; n < sumO.length; n++) {
            double value = original[offset + n];
            double error = quantized[offset + n] - value;
            double weighted = weight * value;
            double weightedError = weight * error;
            sumO[n] += weighted;
            sumOO[n] += weighted * value;
            sumE[n] += weightedError;
            sumEE[n] += weightedError * error;
            sumOE[n] += weightedError * value;
        }
        rows += weight;
    }

    /** Returns the moments of all columns. */
    Moments all() {
        return of(new int[] {sumO.length})[0];
    }

    /**
     * Returns the moments of each group of columns.
     *
     * @param groupEnds where the groups end, in ascending order
     */
    Moments[] of(int[] groupEnds) {
        Moments[] groups = new Moments[groupEnds.length];
        for (int g = 0, n = 0; g < groups.length; g++) {
            double count = 0;
            double o = 0;
            double oo = 0;
            double e = 0;
            double ee = 0;
            double oe = 0;
            for (; n < groupEnds[g]; n++) {
                count += rows;
                o += sumO[n];
                oo += sumOO[n];
                e += sumE[n];
                ee += sumEE[n];
                oe += sumOE[n];
            }
            groups[g] = new Moments(count, o, oo, e, ee, oe);
        }
        return groups;
    }
}
