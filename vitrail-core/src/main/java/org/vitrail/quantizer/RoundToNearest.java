package org.vitrail.quantizer;

/** Rounds a weight matrix to the nearest codes, and pairs of weights that could saturate to the nearest safe pair. */
public final class RoundToNearest {
    private RoundToNearest() {}

    /**
     * Returns the codes nearest to W under these scales that satisfy {@link SaturationRule}. Only pairs of one sign
     * whose magnitudes add up to more than 128 change: the excess is divided between the two so that the squared error
     * is least.
     *
     * @param weights row-major [rows × columns], input channels first
     * @param scales one per output channel, or one for all
     */
    public static QuantizedWeight nearestSafe(float[] weights, int rows, int columns, float[] scales, BitWidth bits) {
        float[] wholes = wholes(weights, rows, columns, steps(scales, columns), bits);
        short[] codes = new short[wholes.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (short) wholes[i];
        }
        return new QuantizedWeight(rows, columns, codes, scales, bits);
    }

    /**
     * Returns Ŵ under these scales as a new array: the values that {@link #nearestSafe} dequantizes to, without storing
     * codes. A scale search calls it once per candidate.
     */
    public static float[] fakeQuantize(float[] weights, int rows, int columns, float[] scales, BitWidth bits) {
        double[] steps = steps(scales, columns);
        float[] values = wholes(weights, rows, columns, steps, bits);
        for (int row = 0; row < rows; row++) {
            int offset = row * columns;
            for (int n = 0; n < columns; n++) {
                values[offset + n] = (float) (values[offset + n] * steps[n]);
            }
        }
        return values;
    }

    /**
     * Returns the scale of each column, in float64: a quotient or product of two float32 numbers computed in float64
     * then rounds to the float32 result, and loops vectorize because the array read cannot be the array written.
     */
    private static double[] steps(float[] scales, int columns) {
        double[] steps = new double[columns];
        for (int n = 0; n < columns; n++) {
            steps[n] = scales[scales.length == 1 ? 0 : n];
        }
        return steps;
    }

    /** Returns the codes of {@link #nearestSafe} as float32 numbers. */
    private static float[] wholes(float[] weights, int rows, int columns, double[] steps, BitWidth bits) {
        float most = bits.symmetric().highest();
        float[] codes = new float[weights.length];
        for (int row = 0; row < rows; row++) {
            int offset = row * columns;
            for (int n = 0; n < columns; n++) {
                float x = (float) (weights[offset + n] / steps[n]);
                float clipped = Math.max(-most, Math.min(most, x));
                codes[offset + n] =
                        (clipped + AffineQuantizer.ROUND_HALF_EVEN_OFFSET) - AffineQuantizer.ROUND_HALF_EVEN_OFFSET;
            }
        }
        // Codes of fewer than 8 bits cannot break the rule; codes of more bits never reach an 8-bit kernel.
        if (bits.bits() == 8) {
            for (int row = 0; row + 1 < rows; row += 2) {
                makeSafe(codes, weights, row * columns, columns, steps);
            }
        }
        return codes;
    }

    /** Replaces the pairs that could saturate, in the row at {@code offset} and the next. */
    private static void makeSafe(float[] codes, float[] weights, int offset, int columns, double[] steps) {
        for (int n = 0; n < columns; n++) {
            int first = offset + n;
            int second = first + columns;
            if (Math.abs(codes[first] + codes[second]) > SaturationRule.MAX_PAIR_SUM) {
                int code = firstOfPair((float) (weights[first] / steps[n]), (float) (weights[second] / steps[n]));
                codes[first] = code;
                codes[second] = SaturationRule.clip((int) codes[second], code);
            }
        }
    }

    /**
     * Returns the 8-bit code of the first weight of a pair, both weights given in units of their scale. If the nearest
     * codes a, b break the rule, they have the same sign, and (a − x)² + (b − y)² with a + b = ±128 is least at a = (x
     * − y ± 128) / 2.
     */
    public static int firstOfPair(float x, float y) {
        int most = SaturationRule.MAX_PAIR_SUM - 1;
        int first = Math.max(-most, Math.min(most, (int) Math.rint(x)));
        int second = Math.max(-most, Math.min(most, (int) Math.rint(y)));
        if (SaturationRule.holds(first, second)) {
            return first;
        }
        int sign = first > 0 ? 1 : -1;
        int magnitude = (int) Math.rint((sign * (x - y) + SaturationRule.MAX_PAIR_SUM) / 2);
        return sign * Math.max(1, Math.min(most, magnitude));
    }
}
