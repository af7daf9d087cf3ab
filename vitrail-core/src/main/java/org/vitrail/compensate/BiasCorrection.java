package org.vitrail.compensate;

import org.vitrail.capture.RowSample;
import org.vitrail.linalg.LinearAlgebra;
import org.vitrail.quantizer.LayerInputQuantizer;
import org.vitrail.quantizer.QuantizedWeight;

/** What quantization adds to a layer's output on average, for its bias to take back [P section 3.2]. */
public final class BiasCorrection {
    private BiasCorrection() {}

    /** Where the mean error comes from. */
    public enum Source {
        /** Nowhere: biases stay as they are. */
        NONE,
        /** E[X̂·Ŵ − X·W], each layer by itself on what it reads in the float model: {@link #meanError}. */
        ANALYTIC,
        /**
         * The same, where a token counts the less the larger it is ({@link #evenly}): the error that a few massive tokens
         * make is not taken out of all others.
         */
        RELATIVE,
        /** E[Ô − O] between the quantized and the float model, layer by layer: {@link EmpiricalBiasCorrection}. */
        EMPIRICAL
    }

    /**
     * The mean error of a layer that is measured by itself, one number an output channel; of length zero where the source
     * has none to give here.
     *
     * @param sample rows of what the layer reads
     * @param input the quantizer of these rows; its massive channels are multiplied by W itself
     * @param weights W [inputs × outputs], row-major
     * @param codes Ŵ [inputs × outputs]
     */
    public static float[] ofLayer(
            Source source, RowSample sample, LayerInputQuantizer input, float[] weights, QuantizedWeight codes) {
        return switch (source) {
            case NONE, EMPIRICAL -> new float[0];
            case ANALYTIC -> meanError(sample, sample.weights(), input, weights, codes);
            case RELATIVE ->
                meanError(sample, evenly(sample.values(), sample.weights(), sample.channels()), input, weights, codes);
        };
    }

    private static float[] meanError(
            RowSample sample, float[] rowWeights, LayerInputQuantizer input, float[] weights, QuantizedWeight codes) {
        float[] quantized = codes.dequantize();
        for (int channel : input.massiveChannels()) {
            System.arraycopy(weights, channel * codes.columns(), quantized, channel * codes.columns(), codes.columns());
        }
        return meanError(sample.values(), rowWeights, sample.channels(), input, weights, quantized);
    }

    /**
     * E[X̂·Ŵ − X·W], one number an output channel: the means of X and X̂ through the two matrices.
     *
     * @param x sampled rows [rows × inputs], row-major
     * @param rowWeights how much each row counts
     * @param weights W [inputs × outputs]
     * @param quantized Ŵ [inputs × outputs]
     */
    public static float[] meanError(
            float[] x, float[] rowWeights, int inputs, LayerInputQuantizer input, float[] weights, float[] quantized) {
        float[] before =
                LinearAlgebra.multiply(means(x, rowWeights, inputs), weights, 1, inputs, weights.length / inputs);
        float[] after = LinearAlgebra.multiply(
                means(input.apply(x, inputs), rowWeights, inputs), quantized, 1, inputs, weights.length / inputs);
        for (int n = 0; n < after.length; n++) {
            after[n] -= before[n];
        }
        return after;
    }

    /**
     * The weights of rows w_t divided by 1 + ‖x_t‖² / E‖x‖²: what a row counts is what it is to the LayerNorm behind it,
     * which divides by the row's own size. Rows of a usual size keep their share among themselves.
     *
     * @param x sampled rows [rows × inputs], row-major
     * @param rowWeights how much each row counts otherwise, not changed
     */
    public static float[] evenly(float[] x, float[] rowWeights, int inputs) {
        int rows = rowWeights.length;
        double[] energies = new double[rows];
        double mean = 0;
        for (int row = 0, i = 0; row < rows; row++) {
            for (int c = 0; c < inputs; c++, i++) {
                energies[row] += (double) x[i] * x[i];
            }
            mean += energies[row] / rows;
        }
        float[] even = rowWeights.clone();
        for (int row = 0; row < rows && mean > 0; row++) {
            even[row] /= (float) (1 + energies[row] / mean);
        }
        return even;
    }

    private static float[] means(float[] rows, float[] rowWeights, int channels) {
        double[] sums = new double[channels];
        double total = 0;
        for (int row = 0, i = 0; row < rowWeights.length; row++) {
            total += rowWeights[row];
            for (int c = 0; c < channels; c++, i++) {
                sums[c] += (double) rowWeights[row] * rows[i];
            }
        }
        float[] means = new float[channels];
        for (int c = 0; c < channels; c++) {
            means[c] = (float) (sums[c] / total);
        }
        return means;
    }
}
