package org.vitrail.compensate;

import org.vitrail.quantizer.Grid;
import org.vitrail.quantizer.PairRule;
import org.vitrail.quantizer.Rounding;
import org.vitrail.quantizer.WeightCodes;
import org.vitrail.tensor.LinearAlgebra;

/**
 * Rounds a weight matrix so that the layer's output, not the matrix, changes least (GPTQ, Frantar et al., ICLR 2023).
 *
 * <p>With H = XᵀX and H⁻¹ = UᵀU (U upper triangular), input channels are rounded in their order; the error of channel k
 * in units of U_kk, e = (w_k − ŵ_k) / U_kk, is taken out of the channels behind it: w_j ← w_j − e·U_kj for j &gt; k. What
 * a pair of neighbours gives up to keep {@link PairRule} is passed on like any other error.
 */
public final class CompensatedRounding {
    /** Share of the mean diagonal that is added to H, so that channels that never vary do no harm. */
    static final double DAMPING = 0.01;

    private CompensatedRounding() {}

    /**
     * The codes of W under the scales of {@code start}.
     *
     * @param weights W [inputs × outputs], row-major, not changed
     * @param gram XᵀX [inputs × inputs] over the calibration tokens
     * @param start rounded to the nearest codes; its scales and bits are kept
     */
    public static WeightCodes round(float[] weights, float[] gram, WeightCodes start) {
        int inputs = start.rows();
        int outputs = start.columns();
        double[] factor = inverseFactor(gram, inputs);
        float[] w = weights.clone();
        short[] codes = new short[w.length];
        Grid grid = start.bits().symmetric();
        for (int k = 0; k < inputs; k++) {
            boolean first = k % 2 == 0;
            for (int n = 0; n < outputs; n++) {
                int here = k * outputs + n;
                float scale = start.scale(n);
                int nearest = grid.clip((int) Math.rint(w[here] / scale));
                int code;
                if (start.bits().bits() != 8 || (first && k + 1 == inputs)) {
                    code = nearest;
                } else if (first) {
                    code = Rounding.firstOfPair(w[here] / scale, w[here + outputs] / scale);
                } else {
                    code = PairRule.clip(nearest, codes[here - outputs]);
                }
                codes[here] = (short) code;
            }
            passOn(w, codes, start, factor, k);
        }
        return new WeightCodes(inputs, outputs, codes, start.scales(), start.bits());
    }

    /** Takes the error of channel k out of the channels behind it. */
    private static void passOn(float[] w, short[] codes, WeightCodes start, double[] factor, int k) {
        int inputs = start.rows();
        int outputs = start.columns();
        float[] error = new float[outputs];
        for (int n = 0; n < outputs; n++) {
            int here = k * outputs + n;
            error[n] = (float) ((w[here] - codes[here] * start.scale(n)) / factor[k * inputs + k]);
        }
        for (int j = k + 1; j < inputs; j++) {
            float share = (float) factor[k * inputs + j];
            int row = j * outputs;
            for (int n = 0; n < outputs; n++) {
                w[row + n] -= share * error[n];
            }
        }
    }

    /** U with UᵀU = (H + damping)⁻¹, upper triangular, row-major. */
    private static double[] inverseFactor(float[] gram, int inputs) {
        double[] h = new double[gram.length];
        double trace = 0;
        for (int i = 0; i < gram.length; i++) {
            h[i] = gram[i];
        }
        for (int k = 0; k < inputs; k++) {
            trace += h[k * inputs + k];
        }
        double damping = trace > 0 ? DAMPING * trace / inputs : 1;
        for (int k = 0; k < inputs; k++) {
            h[k * inputs + k] += damping;
        }
        LinearAlgebra.invertPositive(h, inputs);
        LinearAlgebra.choleskyUpper(h, inputs);
        return h;
    }
}
