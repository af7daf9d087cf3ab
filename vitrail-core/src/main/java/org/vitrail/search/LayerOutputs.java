package org.vitrail.search;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.vitrail.linalg.LinearAlgebra;
import org.vitrail.quantizer.LayerInputQuantizer;

/**
 * Evaluates the output error of a linear layer O = X·W, on a sample of its input rows, when the input, the weight or
 * both are quantized. Biases cancel and are left out.
 *
 * <p>Candidates are multiplied out, except where {@link GramWeights} or {@link GramInputs} is cheaper.
 */
final class LayerOutputs {
    private final float[] x;
    private final float[] w;
    private final int rows;
    private final int[] unitEnds;
    private final int inputs;
    private final int outputs;
    private final float[] roots;
    private final float[] o;

    /**
     * @param x [rows × inputs], row-major
     * @param rowWeights the weight of each row
     * @param unitEnds ends of the groups of rows that are judged together, ascending; the last is the number of rows
     * @param w [inputs × outputs], row-major
     */
    LayerOutputs(float[] x, float[] rowWeights, int[] unitEnds, float[] w, int inputs, int outputs) {
        this.x = x;
        this.rows = rowWeights.length;
        this.unitEnds = unitEnds;
        this.roots = new float[rows];
        for (int row = 0; row < rows; row++) {
            roots[row] = (float) Math.sqrt(rowWeights[row]);
        }
        this.w = w;
        this.inputs = inputs;
        this.outputs = outputs;
        this.o = LinearAlgebra.multiply(weighted(x.clone()), w, rows, inputs, outputs);
    }

    /** Returns the moments of O against X̂·Ŵ, one per group of rows. */
    List<Moments> ofInput(LayerInputQuantizer input, float[] quantizedWeights) {
        Moments[][] moments = moments(product(weighted(input.apply(x, inputs)), quantizedWeights), new int[] {outputs});
        return Arrays.stream(moments).map(unit -> unit[0]).toList();
    }

    /**
     * Returns a function from input candidates X̂ to the moments of O against X̂·Ŵ per group of rows, for fixed
     * weights.
     */
    Function<LayerInputQuantizer, List<Moments>> inputs(float[] quantizedWeights) {
        if (inputs < outputs) {
            GramInputs gram = new GramInputs(weighted(x.clone()), w, quantizedWeights, o, unitEnds, inputs, outputs);
            return input -> gram.of(weighted(input.apply(x, inputs)));
        }
        return input -> ofInput(input, quantizedWeights);
    }

    private float[] product(float[] left, float[] right) {
        return LinearAlgebra.multiply(left, right, rows, inputs, outputs);
    }

    /**
     * Multiplies each row by the square root of its weight, in place, so that sums of squares over rows are weighted.
     */
    private float[] weighted(float[] values) {
        for (int row = 0, i = 0; row < rows; row++) {
            for (int k = 0; k < inputs; k++, i++) {
                values[i] *= roots[row];
            }
        }
        return values;
    }

    /**
     * Returns a function from weight candidates Ŵ to the moments of O against X̂·Ŵ, by group of rows and group of
     * columns, for the input quantized by {@code input}.
     *
     * @param groupEnds ends of the groups of columns that share a scale, ascending
     */
    Function<float[], Moments[][]> weights(LayerInputQuantizer input, int[] groupEnds) {
        float[] quantizedX = weighted(input.apply(x, inputs));
        if (unitEnds.length == 1 && inputs <= rows) {
            GramWeights gram = new GramWeights(quantizedX, weighted(x.clone()), w, o, rows, inputs, outputs);
            return quantizedWeights -> new Moments[][] {gram.of(quantizedWeights, groupEnds)};
        }
        return quantizedWeights -> moments(product(quantizedX, quantizedWeights), groupEnds);
    }

    /** Returns the moments of O against Ô, by group of rows and group of columns. */
    private Moments[][] moments(float[] quantized, int[] groupEnds) {
        Moments[][] moments = new Moments[unitEnds.length][];
        int row = 0;
        for (int unit = 0; unit < unitEnds.length; unit++) {
            ColumnMoments columns = new ColumnMoments(outputs);
            for (; row < unitEnds[unit]; row++) {
                columns.add(o, quantized, row * outputs, 1);
            }
            moments[unit] = columns.of(groupEnds);
        }
        return moments;
    }
}
