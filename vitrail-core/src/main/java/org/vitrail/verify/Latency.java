package org.vitrail.verify;

import java.util.Arrays;

/** How long one run takes, in milliseconds: half of the runs, 90 % and 99 % of them take no longer than this. */
public record Latency(double p50Millis, double p90Millis, double p99Millis) {
    static Latency of(double[][] millis) {
        double[] sorted =
                Arrays.stream(millis).flatMapToDouble(Arrays::stream).sorted().toArray();
        return new Latency(
                FiveNumberSummary.quantile(sorted, 0.5),
                FiveNumberSummary.quantile(sorted, 0.9),
                FiveNumberSummary.quantile(sorted, 0.99));
    }

    /** Runs a second at the median. */
    public double perSecond() {
        return 1000 / p50Millis;
    }
}
