package org.vitrail.compensate;

import org.vitrail.linalg.LinearAlgebra;
import org.vitrail.quantizer.Grid;
import org.vitrail.quantizer.QuantizedWeight;
import org.vitrail.quantizer.RoundToNearest;
import org.vitrail.quantizer.SaturationRule;

/**
 * Rounds a weight matrix so that the error of the layer's output, not of the matrix, is least (GPTQ, Frantar et al.,
 * ICLR 2023).
 *
 * <p>With H = XᵀX and H⁻¹ = UᵀU (U upper triangular), input channels are rounded in order; the error of channel k in
 * units of U_kk, e = (w_k − ŵ_k) / U_kk, is compensated in the channels behind it: w_j ← w_j − e·U_kj for j &gt; k. The
 * error of a pair that {@link SaturationRule} restricts is compensated like any other.
 *
 * <p>U follows from the layer's input alone: one object serves all matrices that read it, at every width.
 */
public final class GptqRounding {
    /** Share of the mean diagonal that is added to H, so that channels without variance leave it invertible. */
    static final double DAMPING = 0.01;

    /** Largest damping, in units of the mean diagonal; with it practically no error is compensated. */
    private static final double MAX_DAMPING = 1e6;

    private final int inputs;
    private final double[] factor;

    /**
     * @param gram XᵀX [inputs × inputs] over the calibration tokens, not changed
     * @param rows number of those tokens; the fewer they are, the stronger {@code gram} is shrunk
     */
    public GptqRounding(float[] gram, int inputs, long rows) {
        this.inputs = inputs;
        this.factor = inverseFactor(gram, rows, inputs);
    }

    /**
     * Returns the codes of W under the scales of {@code start}.
     *
     * @param weights W [inputs × outputs], row-major, not changed
     * @param start rounded to the nearest codes; its scales and bits are kept
     */
    public QuantizedWeight round(float[] weights, QuantizedWeight start) {
        int outputs = start.columns();
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
                    code = RoundToNearest.firstOfPair(w[here] / scale, w[here + outputs] / scale);
                } else {
                    code = SaturationRule.clip(nearest, codes[here - outputs]);
                }
                codes[here] = (short) code;
            }
            passOn(w, codes, start, k);
        }
        return new QuantizedWeight(inputs, outputs, codes, start.scales(), start.bits());
    }

    /** Compensates the error of channel k in the channels behind it. */
    private void passOn(float[] w, short[] codes, QuantizedWeight start, int k) {
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

    /** Returns U with UᵀU = (H + damping)⁻¹, upper triangular, row-major. */
    private static double[] inverseFactor(float[] gram, long rows, int inputs) {
        double[] h = new double[gram.length];
        for (int i = 0; i < gram.length; i++) {
            h[i] = gram[i];
        }
        double damping = damping(h, rows, inputs);
        for (int k = 0; k < inputs; k++) {
            h[k * inputs + k] += damping;
        }
        LinearAlgebra.invertPositive(h, inputs);
        LinearAlgebra.choleskyUpper(h, inputs);
        return h;
    }

    /**
     * Returns the damping that is added to the diagonal of H. Correlations between channels estimated from few rows are
     * partly chance: the estimate of least error mixes ρ of the mean diagonal m into H, (1 − ρ)·H + ρ·m·I with
     *
     * <pre>
     *   ρ = ((1 − 2/p)·tr(H²) + tr(H)²) / ((n + 1 − 2/p)·(tr(H²) − tr(H)²/p)),   at most 1
     * </pre>
     *
     * for n rows of p channels (oracle approximating shrinkage, Chen et al., IEEE Transactions on Signal Processing
     * 2010), which up to an irrelevant factor adds ρ / (1 − ρ)·m.
     */
    private static double damping(double[] h, long rows, int inputs) {
        double trace = 0;
        double squares = 0;
        for (int k = 0; k < inputs; k++) {
            trace += h[k * inputs + k];
        }
        for (double value : h) {
            squares += value * value;
        }
        if (!(trace > 0)) {
            return 1;
        }
        double spread = squares - trace * trace / inputs;
        double believed = (rows + 1.0 - 2.0 / inputs) * spread;
        double chance = (1 - 2.0 / inputs) * squares + trace * trace;
        double share = believed > chance ? chance / believed : 1;
        double shrinkage = share < 1 ? share / (1 - share) : MAX_DAMPING;
        return Math.clamp(shrinkage, DAMPING, MAX_DAMPING) * trace / inputs;
    }
}
