package org.vitrail.verify;

import java.util.Arrays;

/** The latency of one run in milliseconds: the median, the 90th and the 99th percentile. */
public record Latency(double p50Millis, double p90Millis, double p99Millis) {
    static Latency of(double[][] millis) {
        double[] sorted =
                Arrays.stream(millis).flatMapToDouble(Arrays::stream).sorted().toArray();
        return new Latency(
                FiveNumberSummary.quantile(sorted, 0.5),
                FiveNumberSummary.quantile(sorted, 0.9),
                FiveNumberSummary.quantile(sorted, 0.99));
    }

    /** Returns the runs per second at the median. */
    public double perSecond() {
        return 1000 / p50Millis;
    }
}
