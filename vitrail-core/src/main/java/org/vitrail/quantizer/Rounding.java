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
        // Codes of fewer than 8 bits cannot break the rule, codes of more never reach an 8-bit kernel.
        boolean paired = bits.bits() == 8;
        short[] codes = new short[weights.length];
        for (int k = 0; k < rows; k++) {
            for (int n = 0; n < columns; n++) {
                int here = k * columns + n;
                float scale = scales[scales.length == 1 ? 0 : n];
                float x = weights[here] / scale;
                if (!paired || (k % 2 == 0 && k + 1 == rows)) {
                    codes[here] = (short) grid.clip((int) Math.rint(x));
                } else if (k % 2 == 0) {
                    codes[here] = (short) firstOfPair(x, weights[here + columns] / scale);
                } else {
                    codes[here] = (short) PairRule.clip(grid.clip((int) Math.rint(x)), codes[here - columns]);
                }
            }
        }
        return new WeightCodes(rows, columns, codes, scales, bits);
    }

    /**
     * The 8-bit code of the first weight of a pair, given both in units of their scale. Where the nearest codes a, b break
     * the rule they have one sign, and least (a − x)² + (b − y)² with a + b = ±128 is a = (x − y ± 128) / 2.
     */
    public static int firstOfPair(float x, float y) {
        int most = PairRule.LIMIT - 1;
        int first = Math.max(-most, Math.min(most, (int) Math.rint(x)));
        int second = Math.max(-most, Math.min(most, (int) Math.rint(y)));
        if (PairRule.holds(first, second)) {
            return first;
        }
        int sign = first > 0 ? 1 : -1;
        int magnitude = (int) Math.rint((sign * (x - y) + PairRule.LIMIT) / 2);
        return sign * Math.max(1, Math.min(most, magnitude));
    }
}
