package org.vitrail.verify;

import java.util.Arrays;

/** The minimum, quartiles and maximum of some measurements, in their unit. */
public record FiveNumberSummary(double min, double lowerQuartile, double median, double upperQuartile, double max) {
    /** Returns the summary of at least one measurement, in any order. */
    public static FiveNumberSummary of(double... measurements) {
        double[] sorted = measurements.clone();
        Arrays.sort(sorted);
        return new FiveNumberSummary(
                quantile(sorted, 0),
                quantile(sorted, 0.25),
                quantile(sorted, 0.5),
                quantile(sorted, 0.75),
                quantile(sorted, 1));
    }

    /** Returns the quantile {@code q} (0 to 1) of the sorted values, interpolated between neighbours. */
    static double quantile(double[] sorted, double q) {
        double position = q * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
