package org.vitrail.benchmarks;

import java.util.SplittableRandom;

/** Data where only its size matters. */
final class RandomValues {
    private RandomValues() {}

    /** Normally distributed, the same for the same seed. */
    static float[] of(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
