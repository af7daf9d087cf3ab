package org.vitrail.compensate;

import org.vitrail.linalg.LinearAlgebra;
import org.vitrail.quantizer.QuantizedWeight;
import org.vitrail.quantizer.RoundToNearest;

/**
 * Alternates between choosing the scales and the codes of a weight matrix, codes one bit at a time (Bit-split and
 * Stitching, Wang et al., ICML 2020).
 *
 * <p>For each output channel the output error is (w − αq)ᵀH(w − αq) with H = XᵀX. A code of b bits is split into b − 1
 * signed digits, q = Σ_m 2^m d_m with d_m in {−1, 0, 1}. With the codes fixed, the best scale is α = wᵀHq / qᵀHq. With
 * everything but one digit fixed, the error is quadratic in it, and the best digit is the nearest to d + (He)_k / (α 2^m
 * H_kk), e = w − αq. No step makes the error larger.
 */
public final class BitSplit {
    /** Number of rounds over the scales and all digits. */
    private static final int ALTERNATING_ROUNDS = 3;

    private final float[] weights;
    private final float[] gram;
    private final int inputs;
    private final int outputs;
    private final byte[][] digits;
    private final float[] scales;
    private final QuantizedWeight start;
    /** H·(W − αQ), [inputs × outputs], kept up to date within a round. */
    private float[] pull;

    private BitSplit(float[] weights, float[] gram, QuantizedWeight start) {
        this.weights = weights;
        this.gram = gram;
        this.start = start;
        this.inputs = start.rows();
        this.outputs = start.columns();
        this.scales = start.scales().clone();
        this.digits = new byte[start.bits().bits() - 1][weights.length];
        short[] codes = start.codes();
        for (int i = 0; i < codes.length; i++) {
            int magnitude = Math.abs(codes[i]);
            for (int m = 0; m < digits.length; m++) {
                digits[m][i] = (byte) ((magnitude >> m & 1) * Integer.signum(codes[i]));
            }
        }
    }

    /**
     * Returns the codes and scales of W.
     *
     * @param weights W [inputs × outputs], row-major, not changed
     * @param gram XᵀX [inputs × inputs] over the calibration tokens
     * @param start the initial codes; its bits and granularity are kept
     */
    public static QuantizedWeight round(float[] weights, float[] gram, QuantizedWeight start) {
        return new BitSplit(weights, gram, start).run();
    }

    private QuantizedWeight run() {
        for (int round = 0; round < ALTERNATING_ROUNDS; round++) {
            rescale();
            pull = LinearAlgebra.multiply(gram, error(), inputs, inputs, outputs);
            for (int m = digits.length - 1; m >= 0; m--) {
                for (int k = 0; k < inputs; k++) {
                    improve(m, k);
                }
            }
        }
        rescale();
        // The same codes, except for 8-bit pairs that could saturate.
        return RoundToNearest.nearestSafe(dequantized(), inputs, outputs, scales, start.bits());
    }

    /** Sets each scale to α = wᵀHq / qᵀHq, where that is positive. */
    private void rescale() {
        float[] codes = codes();
        float[] pulled = LinearAlgebra.multiply(gram, codes, inputs, inputs, outputs);
        double[] along = new double[scales.length];
        double[] square = new double[scales.length];
        for (int i = 0; i < codes.length; i++) {
            int group = scales.length == 1 ? 0 : i % outputs;
            along[group] += (double) weights[i] * pulled[i];
            square[group] += (double) codes[i] * pulled[i];
        }
        for (int group = 0; group < scales.length; group++) {
            float best = (float) (along[group] / square[group]);
            if (square[group] > 0 && best >= Float.MIN_NORMAL) {
                scales[group] = best;
            }
        }
    }

    /** Sets digit m of the weights of input channel k to its best values. */
    private void improve(int m, int k) {
        float own = gram[k * inputs + k];
        if (!(own > 0)) {
            return;
        }
        float[] moved = new float[outputs];
        boolean any = false;
        for (int n = 0; n < outputs; n++) {
            int here = k * outputs + n;
            float step = scale(n) * (1 << m);
            int digit = (int) Math.max(-1, Math.min(1, Math.rint(digits[m][here] + pull[here] / (step * own))));
            if (digit != digits[m][here]) {
                moved[n] = step * (digit - digits[m][here]);
                digits[m][here] = (byte) digit;
                any = true;
            }
        }
        if (any) {
            for (int j = 0; j < inputs; j++) {
                float share = gram[j * inputs + k];
                int row = j * outputs;
                for (int n = 0; n < outputs; n++) {
                    pull[row + n] -= share * moved[n];
                }
            }
        }
    }

    private float scale(int column) {
        return scales[scales.length == 1 ? 0 : column];
    }

    private float[] codes() {
        float[] codes = new float[weights.length];
        for (int m = 0; m < digits.length; m++) {
            for (int i = 0; i < codes.length; i++) {
                codes[i] += digits[m][i] * (1 << m);
            }
        }
        return codes;
    }

    private float[] dequantized() {
        float[] values = codes();
        for (int i = 0; i < values.length; i++) {
            values[i] *= scale(i % outputs);
        }
        return values;
    }

    /** Returns W − αQ. */
    private float[] error() {
        float[] error = dequantized();
        for (int i = 0; i < error.length; i++) {
            error[i] = weights[i] - error[i];
        }
        return error;
    }
}
