package org.vitrail.benchmarks;

import java.util.SplittableRandom;

/** Makes random data for benchmarks that depend only on its size. */
final class RandomValues {
    private RandomValues() {}

    /** Returns normally distributed values, the same for the same seed. */
    static float[] of(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
