package org.vitrail.verify;

import java.util.Arrays;

/** Smallest, largest and quartiles of some measurements, in their unit. */
public record FiveNumberSummary(double min, double lowerQuartile, double median, double upperQuartile, double max) {
    /** Of at least one measurement, in any order. */
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

    /** The value below which a share {@code q} (0 to 1) of the sorted values lies, interpolated between neighbours. */
    static double quantile(double[] sorted, double q) {
        double position = q * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
