package org.vitrail.search;

/**
 * Sums over the pairs a &lt; b of a sequence v with v_b &lt; v_a + θ, in O(n log n): a merge sort that adds the pairs
 * between two sorted halves whenever it merges them. Halves of which one ends below the other by θ have no such pairs,
 * so that a nearly sorted sequence takes little more than one pass. Not thread-safe.
 */
final class PairSweep {
    /** Longest run that is compared pair by pair. */
    private static final int DIRECT_RUN_LENGTH = 8;

    private double[] values = new double[0];
    private double[] merged = new double[0];
    private double theta;
    private double sum;
    private long count;

    /** Returns the buffer for the sequence, which the caller fills; a sweep reorders it. */
    double[] room(int length) {
        if (values.length < length) {
            values = new double[length];
            merged = new double[length];
        }
        return values;
    }

    /** Sweeps the values at {@code from} (included) to {@code to} (excluded). */
    void run(int from, int to, double newTheta) {
        theta = newTheta;
        sum = 0;
        count = 0;
        for (int low = from; low < to; low += DIRECT_RUN_LENGTH) {
            pairByPair(low, Math.min(low + DIRECT_RUN_LENGTH, to));
        }
        for (int width = DIRECT_RUN_LENGTH; width < to - from; width *= 2) {
            for (int low = from; low + width < to; low += 2 * width) {
                int high = Math.min(low + 2 * width, to);
                between(low, low + width, high);
                if (2 * width < to - from) {
                    merge(low, low + width, high);
                }
            }
        }
    }

    /** Returns Σ (θ + v_a − v_b) over the pairs of the last sweep. */
    double sum() {
        return sum;
    }

    /** Returns the number of pairs of the last sweep. */
    long count() {
        return count;
    }

    private void pairByPair(int low, int high) {
        double[] v = values;
        for (int b = low + 1; b < high; b++) {
            double value = v[b];
            int a = b - 1;
            for (; a >= low && v[a] + theta > value; a--) {
                sum += theta + v[a] - value;
                count++;
            }
            // The values before are sorted already, so that the scan ends at the first one that makes no pair.
            int place = b;
            for (; place > low && v[place - 1] > value; place--) {
                v[place] = v[place - 1];
            }
            v[place] = value;
        }
    }

    /** Adds the pairs with a in the sorted values from low to middle and b in those from middle to high. */
    private void between(int low, int middle, int high) {
        double[] v = values;
        int a = middle - 1;
        while (a >= low && v[a] + theta > v[middle]) {
            a--;
        }
        int b = middle;
        double reached = 0;
        for (a++; a < middle; a++) {
            double limit = v[a] + theta;
            while (b < high && v[b] < limit) {
                reached += v[b++];
            }
            sum += (b - middle) * limit - reached;
            count += b - middle;
        }
    }

    private void merge(int low, int middle, int high) {
        double[] v = values;
        if (v[middle - 1] <= v[middle]) {
            return;
        }
        int first = middle - 1;
        while (first > low && v[first - 1] > v[middle]) {
            first--;
        }
        int length = middle - first;
        System.arraycopy(v, first, merged, 0, length);
        int left = 0;
        int right = middle;
        int out = first;
        while (left < length) {
            v[out++] = right < high && v[right] < merged[left] ? v[right++] : merged[left++];
        }
    }
}
