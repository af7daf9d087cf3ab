package org.vitrail.quantizer;

/** Puts a weight matrix on its grid: to the nearest code, and pairs that could saturate to the nearest safe pair. */
public final class Rounding {
    private Rounding() {}

    /**
     * The codes nearest to W under these scales that satisfy {@link PairRule}. Only pairs of one sign whose magnitudes
     * add up to more than 128 move: the excess is shared so that the squared error is least.
     *
     * @param weights row-major [rows × columns], input channels first
     * @param scales one an output channel, or one for all
     */
    public static WeightCodes nearestSafe(float[] weights, int rows, int columns, float[] scales, BitWidth bits) {
        Grid grid = bits.symmetric();
        short[] codes = new short[weights.length];
        for (int i = 0; i < weights.length; i++) {
            float scale = scales[scales.length == 1 ? 0 : i % columns];
            codes[i] = (short) grid.clip((int) Math.rint(weights[i] / scale));
        }
        // Codes of more than 8 bits never reach an 8-bit kernel.
        for (int k = 0; k + 1 < rows && bits.bits() <= 8; k += 2) {
            for (int n = 0; n < columns; n++) {
                int first = k * columns + n;
                int second = first + columns;
                if (!PairRule.holds(codes[first], codes[second])) {
                    float scale = scales[scales.length == 1 ? 0 : n];
                    makeSafe(codes, first, second, weights[first] / scale, weights[second] / scale);
                }
            }
        }
        return new WeightCodes(rows, columns, codes, scales, bits);
    }

    /**
     * Least (a − x)² + (b − y)² with a + b = 128 (the breaking pair has one sign): a = (x − y + 128) / 2, rounded; both
     * stay on the 8-bit grid.
     */
    private static void makeSafe(short[] codes, int first, int second, float x, float y) {
        int sign = codes[first] > 0 ? 1 : -1;
        int most = PairRule.LIMIT - 1;
        int a = (int) Math.rint((sign * (x - y) + PairRule.LIMIT) / 2);
        a = Math.max(1, Math.min(most, a));
        codes[first] = (short) (sign * a);
        codes[second] = (short) (sign * (PairRule.LIMIT - a));
    }
}
