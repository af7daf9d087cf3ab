package org.vitrail.quantizer;

/**
 * Quantizes a whole tensor with one scale and zero point: code = clip(round(x / scale) + zeroPoint), x̂ = (code −
 * zeroPoint) · scale, rounding half to even. Equals ONNX's QuantizeLinear and DequantizeLinear to the bit: both divide
 * and multiply in float32.
 *
 * @param scale the width of a quantization step, in units of the tensor; positive
 * @param zeroPoint the code of 0, on the grid
 */
public record AffineQuantizer(float scale, int zeroPoint, Grid grid) {
    /**
     * 1.5 · 2²³: adding and then subtracting it rounds small float32 numbers half to even, in a form that vectorizes.
     */
    static final float ROUND_HALF_EVEN_OFFSET = 0x1.8p23f;

    public AffineQuantizer {
        if (!(scale > 0) || Float.isInfinite(scale)) {
            throw new IllegalArgumentException("a scale must be positive and finite, got " + scale);
        }
        if (zeroPoint != grid.clip(zeroPoint)) {
            throw new IllegalArgumentException("a zero point must lie on the grid, got " + zeroPoint + " for " + grid);
        }
    }

    /**
     * Returns the asymmetric quantizer over [low, high], widened to contain 0, with the zero point rounded to a code. A
     * range of width 0 gets the smallest positive scale that keeps the arithmetic normal.
     */
    public static AffineQuantizer ofRange(double low, double high, Grid grid) {
        double from = Math.min(low, 0);
        double to = Math.max(high, 0);
        float scale = (float) Math.max((to - from) / grid.steps(), Float.MIN_NORMAL);
        int zeroPoint = grid.clip((int) Math.rint(grid.lowest() - from / scale));
        return new AffineQuantizer(scale, zeroPoint, grid);
    }

    /**
     * Returns the symmetric quantizer of this scale [P eq. 4]: the zero point is fixed at the upper middle of the grid.
     */
    public static AffineQuantizer symmetric(double scale, Grid grid) {
        int middle = grid.lowest() + (grid.steps() + 1) / 2;
        return new AffineQuantizer((float) Math.max(scale, Float.MIN_NORMAL), middle, grid);
    }

    public int code(float x) {
        double code = Math.rint(x / scale) + zeroPoint;
        return (int) Math.max(grid.lowest(), Math.min(grid.highest(), code));
    }

    /** Fake quantization of one value: quantizes and dequantizes {@code x}. */
    public float apply(float x) {
        return (code(x) - zeroPoint) * scale;
    }

    /** Fake quantization of {@code count} values from {@code in} to {@code out}, which may be the same array. */
    public void apply(float[] in, float[] out, int count) {
        float least = grid.lowest() - zeroPoint;
        float most = grid.highest() - zeroPoint;
        for (int i = 0; i < count; i++) {
            // Clipping to integer bounds before rounding gives the same result, and keeps the sum in the range in which
            // float32 has no fraction bits.
            float clipped = Math.max(least, Math.min(most, in[i] / scale));
            out[i] = ((clipped + ROUND_HALF_EVEN_OFFSET) - ROUND_HALF_EVEN_OFFSET) * scale;
        }
    }

    /** The smallest value that is not clipped. */
    public float low() {
        return (grid.lowest() - zeroPoint) * scale;
    }

    /** The largest value that is not clipped. */
    public float high() {
        return (grid.highest() - zeroPoint) * scale;
    }
}
