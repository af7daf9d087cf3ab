package org.vitrail.search;

import java.util.Arrays;

/**
 * Computes Σ max(0, θ + v_a − v_b) over the pairs a &lt; b of a sequence v, for several sequences at once. It evaluates
 * every pair that is near enough to count: the pairs of one distance, of all sequences, are a single long loop over
 * arrays, which the Java compiler vectorizes. Up to {@value #MAX_SEQUENCE_LENGTH} values that is faster than {@link
 * PairSweep}, whose branches are unpredictable: at 197 values three times with AVX-512, twice with AVX2. In float32;
 * not thread-safe.
 */
final class HingeSums {
    /** Largest length for which O(n²) here is faster than O(n log n). */
    static final int MAX_SEQUENCE_LENGTH = 512;

    private int length;
    private int sequences;
    private float[] values = new float[0];
    private float[] later = new float[0];
    private float[] sums = new float[0];

    /** Returns the buffer for the sequences, which the caller fills: value k of sequence s at k · sequences + s. */
    float[] room(int newLength, int newSequences) {
        length = newLength;
        sequences = newSequences;
        if (values.length < length * sequences) {
            values = new float[length * sequences];
            later = new float[length * sequences];
            sums = new float[length * sequences];
        }
        return values;
    }

    /** Returns the sum of each sequence in the buffer. */
    double[] of(float theta) {
        int farthest = farthest(theta);
        Arrays.fill(sums, 0, length * sequences, 0);
        for (int distance = 1; distance <= farthest; distance++) {
            int pairs = (length - distance) * sequences;
            System.arraycopy(values, distance * sequences, later, 0, pairs);
            addTwice(values, later, pairs, theta, sums);
        }
        double[] totals = new double[sequences];
        for (int k = 0, i = 0; k < length; k++) {
            for (int s = 0; s < sequences; s++, i++) {
                totals[s] += sums[i] / 2;
            }
        }
        return totals;
    }

    // In the three loops that follow an element depends only on those at the same index of other arrays, and on no
    // branch, so that the compiler vectorizes them.

    /** Adds 2 · max(0, p) as p + |p|. */
    private static void addTwice(float[] earlier, float[] later, int pairs, float theta, float[] sums) {
        for (int i = 0; i < pairs; i++) {
            float hinge = theta + (earlier[i] - later[i]);
            sums[i] += hinge + Math.abs(hinge);
        }
    }

    private static void least(float[] values, float[] least, int count) {
        for (int i = 0; i < count; i++) {
            least[i] = Math.min(least[i], values[i]);
        }
    }

    private static void largest(float[] values, float[] largest, int count) {
        for (int i = 0; i < count; i++) {
            largest[i] = Math.max(largest[i], values[i]);
        }
    }

    /**
     * Returns the largest distance of pairs that count: farther apart, every first value is smaller by θ than every
     * second.
     */
    private int farthest(float theta) {
        float[] place = new float[sequences];
        float[] extreme = new float[sequences];
        float[] leastFrom = later;
        Arrays.fill(extreme, Float.POSITIVE_INFINITY);
        for (int k = length - 1; k >= 0; k--) {
            System.arraycopy(values, k * sequences, place, 0, sequences);
            least(place, extreme, sequences);
            System.arraycopy(extreme, 0, leastFrom, k * sequences, sequences);
        }
        Arrays.fill(extreme, Float.NEGATIVE_INFINITY);
        int farthest = 0;
        for (int k = 0; k + farthest < length; k++) {
            System.arraycopy(values, k * sequences, place, 0, sequences);
            largest(place, extreme, sequences);
            while (k + farthest + 1 < length && anyCounts(theta, extreme, leastFrom, (k + farthest + 1) * sequences)) {
                farthest++;
            }
        }
        return farthest;
    }

    private boolean anyCounts(float theta, float[] earlier, float[] later, int offset) {
        for (int s = 0; s < sequences; s++) {
            if (theta + (earlier[s] - later[offset + s]) > 0) {
                return true;
            }
        }
        return false;
    }
}
