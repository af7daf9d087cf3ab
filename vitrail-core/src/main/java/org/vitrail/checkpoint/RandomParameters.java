package org.vitrail.checkpoint;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Generates random parameters that keep activations bounded: nearly normal with standard deviation 0.02 (timm's
 * initialisation) around 0, around 1 for LayerNorm's factors and around 0.1 for LayerScale's. Each parameter has its
 * own random stream, so that its values depend only on the seed and its name.
 */
record RandomParameters(long seed) implements ParameterSource {
    private static final double STANDARD_DEVIATION = 0.02;

    @Override
    public float[] values(String name, List<Integer> shape) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + name.hashCode());
        float[] values = new float[shape.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact)];
        double mean = mean(name);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (mean + STANDARD_DEVIATION * nearlyNormal(random.nextLong()));
        }
        return values;
    }

    private static double mean(String name) {
        if (name.endsWith(".gamma")) {
            return 0.1;
        }
        return name.contains("norm") && name.endsWith(".weight") ? 1 : 0;
    }

    /**
     * Returns the sum of the four 16-bit words of a draw, scaled to mean 0 and variance 1; its magnitude never exceeds
     * 3.5.
     */
    private static double nearlyNormal(long bits) {
        long sum = (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48);
        return (sum / 65535.0 - 2) * Math.sqrt(3);
    }
}
