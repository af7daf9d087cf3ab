package org.vitrail.search;

import org.vitrail.quantizer.RowQuantizer;
import org.vitrail.tensor.LinearAlgebra;

/**
 * A linear layer O = X·W on a sample of its input rows, and what becomes of its output when the input, the weight or
 * both are quantized. Biases cancel and are left out.
 *
 * <p>A weight candidate costs O(inputs²) an output channel, whatever the number of rows (METHOD.md, section 2): with
 * D = Ŵ − W and F = (X̂ − X)·W the error is E = X̂·D + F, so ‖E‖² = ⟨D, G·D⟩ + 2⟨D, X̂ᵀF⟩ + ‖F‖² with G = X̂ᵀX̂.
 */
final class LayerOutputs {
    private final float[] x;
    private final float[] w;
    private final int rows;
    private final int inputs;
    private final int outputs;
    private final float[] roots;
    private final float[] o;

    /**
     * @param x [rows × inputs], row-major
     * @param rowWeights how much each row counts
     * @param w [inputs × outputs], row-major
     */
    LayerOutputs(float[] x, float[] rowWeights, float[] w, int inputs, int outputs) {
        this.x = x;
        this.rows = rowWeights.length;
        this.roots = new float[rows];
        for (int row = 0; row < rows; row++) {
            roots[row] = (float) Math.sqrt(rowWeights[row]);
        }
        this.w = w;
        this.inputs = inputs;
        this.outputs = outputs;
        this.o = LinearAlgebra.multiply(weighted(x.clone()), w, rows, inputs, outputs);
    }

    /** The moments of O against X̂·Ŵ. */
    Moments ofInput(RowQuantizer input, float[] quantizedWeights) {
        float[] quantized =
                LinearAlgebra.multiply(weighted(input.apply(x, inputs)), quantizedWeights, rows, inputs, outputs);
        return Moments.of(o, quantized);
    }

    /** Multiplies each row by the root of its weight, in place: sums over rows then weigh each as they should. */
    private float[] weighted(float[] values) {
        for (int row = 0, i = 0; row < rows; row++) {
            for (int k = 0; k < inputs; k++, i++) {
                values[i] *= roots[row];
            }
        }
        return values;
    }

    /** What is needed to judge weight candidates while the input stays quantized as {@code input} says. */
    Weights weights(RowQuantizer input) {
        return new Weights(weighted(input.apply(x, inputs)));
    }

    /** Judges weight candidates for one quantized input X̂. */
    final class Weights {
        private final float[] gram;
        private final float[] xo;
        private final float[] xf;
        private final double[] columnSumsX;
        private final Moments[] fixed;

        private Weights(float[] quantizedX) {
            float[] original = weighted(x.clone());
            float[] error = new float[quantizedX.length];
            for (int i = 0; i < error.length; i++) {
                error[i] = quantizedX[i] - original[i];
            }
            float[] f = LinearAlgebra.multiply(error, w, rows, inputs, outputs);
            gram = LinearAlgebra.multiplyTransposed(quantizedX, quantizedX, rows, inputs, inputs);
            xo = LinearAlgebra.multiplyTransposed(quantizedX, o, rows, inputs, outputs);
            xf = LinearAlgebra.multiplyTransposed(quantizedX, f, rows, inputs, outputs);
            columnSumsX = new double[inputs];
            for (int row = 0, i = 0; row < rows; row++) {
                for (int k = 0; k < inputs; k++, i++) {
                    columnSumsX[k] += quantizedX[i];
                }
            }
            fixed = fixedMoments(f);
        }

        /** The moments of each output channel for D = 0: E = F. */
        private Moments[] fixedMoments(float[] f) {
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

        /** The moments of O against X̂·Ŵ, one an output channel. */
        Moments[] of(float[] quantizedWeights) {
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
            Moments[] moments = new Moments[outputs];
            for (int n = 0; n < outputs; n++) {
                moments[n] = fixed[n].plus(new Moments(0, 0, 0, e[n], ee[n], oe[n]));
            }
            return moments;
        }
    }
}
