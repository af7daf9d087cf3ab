package org.vitrail.allocate;

import java.util.SplittableRandom;

/**
 * Draws random sensitivities, as a baseline: Ω_i(b) = w_i · 4^(−b), the error at b bits weighted by a random number
 * between 1 and 4^4, so that the chosen widths differ by up to 4 bits.
 */
public final class RandomSensitivity implements Sensitivity {
    private static final double MAX_LOG_WEIGHT = 4 * Math.log(4);

    private final long seed;

    public RandomSensitivity(long seed) {
        this.seed = seed;
    }

    @Override
    public double[][] measure(SensitivityTask task) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] omega = new double[task.modules().size()][task.widths().size()];
        for (double[] row : omega) {
            double weight = StrictMath.exp(MAX_LOG_WEIGHT * random.nextDouble());
            for (int b = 0; b < row.length; b++) {
                row[b] = weight * StrictMath.pow(4, -task.widths().get(b).bits());
            }
        }
        return omega;
    }
}
