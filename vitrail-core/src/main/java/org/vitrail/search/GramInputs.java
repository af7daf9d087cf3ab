package org.vitrail.search;

import java.util.ArrayList;
import java.util.List;
import org.vitrail.linalg.LinearAlgebra;

/**
 * Evaluates input candidates for one quantized weight Ŵ from sums that are computed once: a candidate costs O(inputs²)
 * per row, whatever the number of outputs (docs/method.md). With D = X̂ − X and F = X·(Ŵ − W) the error is E =
 * D·Ŵ + F, so ‖E‖² = ⟨D, D·ŴŴᵀ⟩ + 2⟨D, F·Ŵᵀ⟩ + ‖F‖² over any rows. It is the counterpart of {@link GramWeights}, image
 * by image.
 */
final class GramInputs {
    private final float[] x;
    private final int[] unitEnds;
    private final int inputs;
    private final float[] gram;
    private final float[] ow;
    private final float[] fw;
    private final double[] rowSumsW;
    private final Moments[] fixed;

    /**
     * @param x X [rows × inputs]
     * @param w W [inputs × outputs]
     * @param quantizedWeights Ŵ
     * @param o X·W
     * @param unitEnds ends of the groups of rows that are judged together, ascending; the last is the number of rows
     */
    GramInputs(float[] x, float[] w, float[] quantizedWeights, float[] o, int[] unitEnds, int inputs, int outputs) {
        this.x = x;
        this.unitEnds = unitEnds;
        this.inputs = inputs;
        int rows = unitEnds[unitEnds.length - 1];
        float[] change = new float[w.length];
        rowSumsW = new double[inputs];
        for (int k = 0, i = 0; k < inputs; k++) {
            for (int n = 0; n < outputs; n++, i++) {
                change[i] = quantizedWeights[i] - w[i];
                rowSumsW[k] += quantizedWeights[i];
            }
        }
        float[] f = LinearAlgebra.multiply(x, change, rows, inputs, outputs);
        gram = LinearAlgebra.multiplyByTransposed(quantizedWeights, quantizedWeights, inputs, outputs, inputs);
        ow = LinearAlgebra.multiplyByTransposed(o, quantizedWeights, rows, outputs, inputs);
        fw = LinearAlgebra.multiplyByTransposed(f, quantizedWeights, rows, outputs, inputs);
        fixed = fixedMoments(o, f, outputs);
    }

    /** Returns the moments of each group of rows for D = 0: E = F. */
    private Moments[] fixedMoments(float[] o, float[] f, int outputs) {
        Moments[] moments = new Moments[unitEnds.length];
        int i = 0;
        for (int unit = 0; unit < moments.length; unit++) {
            int from = i;
            double sumO = 0;
            double sumOO = 0;
            double sumE = 0;
            double sumEE = 0;
            double sumOE = 0;
            for (; i < unitEnds[unit] * outputs; i++) {
                double value = o[i];
                sumO += value;
                sumOO += value * value;
                sumE += f[i];
                sumEE += (double) f[i] * f[i];
                sumOE += value * f[i];
            }
            moments[unit] = new Moments(i - from, sumO, sumOO, sumE, sumEE, sumOE);
        }
        return moments;
    }

    /**
     * Returns the moments of O against X̂·Ŵ, one per group of rows.
     *
     * @param quantizedX X̂; becomes X̂ − X
     */
    List<Moments> of(float[] quantizedX) {
        for (int i = 0; i < x.length; i++) {
            quantizedX[i] -= x[i];
        }
        float[] dg = LinearAlgebra.multiply(quantizedX, gram, x.length / inputs, inputs, inputs);
        List<Moments> units = new ArrayList<>();
        int row = 0;
        for (int unit = 0; unit < unitEnds.length; unit++) {
            double[] e = new double[inputs];
            double[] ee = new double[inputs];
            double[] oe = new double[inputs];
            for (; row < unitEnds[unit]; row++) {
                addRow(quantizedX, dg, row * inputs, e, ee, oe);
            }
            units.add(fixed[unit].plus(new Moments(0, 0, 0, sum(e), sum(ee), sum(oe))));
        }
        return units;
    }

    /** Adds the contribution of a row of D to the sums of the error, input channel by input channel. */
    private void addRow(float[] d, float[] dg, int offset, double[] e, double[] ee, double[] oe) {
        for (int k = 0; k < inputs; k++) {
            double change = d[offset + k];
            e[k] += change * rowSumsW[k];
            ee[k] += change * (dg[offset + k] + 2 * fw[offset + k]);
            oe[k] += change * ow[offset + k];
        }
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}
