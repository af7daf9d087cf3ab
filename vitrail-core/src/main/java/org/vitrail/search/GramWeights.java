package org.vitrail.search;

import org.vitrail.linalg.LinearAlgebra;

/**
 * Evaluates weight candidates for one quantized input X̂, all rows together, from sums that are computed once: a
 * candidate costs O(inputs²) per output channel, whatever the number of rows (docs/method.md). With D = Ŵ − W and
 * F = (X̂ − X)·W the error is E = X̂·D + F, so ‖E‖² = ⟨D, G·D⟩ + 2⟨D, X̂ᵀF⟩ + ‖F‖² with G = X̂ᵀX̂.
 */
final class GramWeights {
    private final float[] w;
    private final int inputs;
    private final int outputs;
    private final float[] gram;
    private final float[] xo;
    private final float[] xf;
    private final double[] columnSumsX;
    private final Moments[] fixed;

    /**
     * @param quantizedX X̂ [rows × inputs]
     * @param x X [rows × inputs]; becomes X̂ − X
     * @param w W [inputs × outputs]
     * @param o X·W
     */
    GramWeights(float[] quantizedX, float[] x, float[] w, float[] o, int rows, int inputs, int outputs) {
        this.w = w;
        this.inputs = inputs;
        this.outputs = outputs;
        for (int i = 0; i < x.length; i++) {
            x[i] = quantizedX[i] - x[i];
        }
        float[] f = LinearAlgebra.multiply(x, w, rows, inputs, outputs);
        gram = LinearAlgebra.multiplyTransposed(quantizedX, quantizedX, rows, inputs, inputs);
        xo = LinearAlgebra.multiplyTransposed(quantizedX, o, rows, inputs, outputs);
        xf = LinearAlgebra.multiplyTransposed(quantizedX, f, rows, inputs, outputs);
        columnSumsX = new double[inputs];
        for (int row = 0, i = 0; row < rows; row++) {
            for (int k = 0; k < inputs; k++, i++) {
                columnSumsX[k] += quantizedX[i];
            }
        }
        fixed = fixedMoments(o, f, rows);
    }

    /** Returns the moments of each output channel for D = 0: E = F. */
    private Moments[] fixedMoments(float[] o, float[] f, int rows) {
        double[][] sums = new double[5][outputs];
        for (int row = 0, i = 0; row < rows; row++) {
            for (int n = 0; n < outputs; n++, i++) {
                double value = o[i];
                sums[0][n] += value;
                sums[1][n] += value * value;
                sums[2][n] += f[i];
                sums[3][n] += (double) f[i] * f[i];
                sums[4][n] += value * f[i];
            }
        }
        Moments[] moments = new Moments[outputs];
        for (int n = 0; n < outputs; n++) {
            moments[n] = new Moments(rows, sums[0][n], sums[1][n], sums[2][n], sums[3][n], sums[4][n]);
        }
        return moments;
    }

    /** Returns the moments of O against X̂·Ŵ, one per group of columns. */
    Moments[] of(float[] quantizedWeights, int[] groupEnds) {
        float[] d = new float[w.length];
        for (int i = 0; i < d.length; i++) {
            d[i] = quantizedWeights[i] - w[i];
        }
        float[] gd = LinearAlgebra.multiply(gram, d, inputs, inputs, outputs);
        double[] e = new double[outputs];
        double[] ee = new double[outputs];
        double[] oe = new double[outputs];
        for (int k = 0; k < inputs; k++) {
            for (int n = 0; n < outputs; n++) {
                int i = k * outputs + n;
                e[n] += columnSumsX[k] * d[i];
                ee[n] += (double) d[i] * (gd[i] + 2 * xf[i]);
                oe[n] += (double) d[i] * xo[i];
            }
        }
        Moments[] groups = new Moments[groupEnds.length];
        for (int g = 0, n = 0; g < groups.length; g++) {
            groups[g] = Moments.NONE;
            for (; n < groupEnds[g]; n++) {
                groups[g] = groups[g].plus(fixed[n]).plus(new Moments(0, 0, 0, e[n], ee[n], oe[n]));
            }
        }
        return groups;
    }
}
