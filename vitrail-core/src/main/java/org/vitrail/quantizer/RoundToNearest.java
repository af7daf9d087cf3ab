package org.vitrail.quantizer;

/** Puts a weight matrix on its grid: to the nearest code, and pairs that could saturate to the nearest safe pair. */
public final class RoundToNearest {
    private RoundToNearest() {}

    /**
     * The codes nearest to W under these scales that satisfy {@link SaturationRule}. Only pairs of one sign whose magnitudes
     * add up to more than 128 move: the excess is shared so that the squared error is least.
     *
     * @param weights row-major [rows × columns], input channels first
     * @param scales one an output channel, or one for all
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
     * Ŵ under these scales, a new array: what {@link #nearestSafe} dequantizes to, without its codes. A search asks for it
     * once a candidate.
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
     * The scale of each column. In float64, in which a quotient or product of two float32 numbers rounds to the float32
     * one: loops vectorize where the array that is read cannot be the one that is written.
     */
    private static double[] steps(float[] scales, int columns) {
        double[] steps = new double[columns];
        for (int n = 0; n < columns; n++) {
            steps[n] = scales[scales.length == 1 ? 0 : n];
        }
        return steps;
    }

    /** The codes of {@link #nearestSafe}, as numbers of float32. */
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
        // Codes of fewer than 8 bits cannot break the rule, codes of more never reach an 8-bit kernel.
        if (bits.bits() == 8) {
            for (int row = 0; row + 1 < rows; row += 2) {
                makeSafe(codes, weights, row * columns, columns, steps);
            }
        }
        return codes;
    }

    /** Moves the pairs that could saturate, of the row at {@code offset} and the next. */
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
     * The 8-bit code of the first weight of a pair, given both in units of their scale. Where the nearest codes a, b break
     * the rule they have one sign, and least (a − x)² + (b − y)² with a + b = ±128 is a = (x − y ± 128) / 2.
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
