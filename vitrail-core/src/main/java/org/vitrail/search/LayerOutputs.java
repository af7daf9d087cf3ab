package org.vitrail.search;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.vitrail.linalg.LinearAlgebra;
import org.vitrail.quantizer.LayerInputQuantizer;

/**
 * A linear layer O = X·W on a sample of its input rows, and what becomes of its output when the input, the weight or
 * both are quantized. Biases cancel and are left out.
 *
 * <p>Candidates are multiplied out, save where {@link GramWeights} or {@link GramInputs} is cheaper.
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
     * @param rowWeights how much each row counts
     * @param unitEnds where the rows end that are judged together, in ascending order; the last is the number of rows
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

    /** The moments of O against X̂·Ŵ, one a unit. */
    List<Moments> ofInput(LayerInputQuantizer input, float[] quantizedWeights) {
        Moments[][] moments = moments(product(weighted(input.apply(x, inputs)), quantizedWeights), new int[] {outputs});
        return Arrays.stream(moments).map(unit -> unit[0]).toList();
    }

    /**
     * Judges input candidates X̂ while the weights stay quantized: the moments of O against X̂·Ŵ, one a unit.
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

    /** Multiplies each row by the root of its weight, in place: sums over rows then weigh each as they should. */
    private float[] weighted(float[] values) {
        for (int row = 0, i = 0; row < rows; row++) {
            for (int k = 0; k < inputs; k++, i++) {
                values[i] *= roots[row];
            }
        }
        return values;
    }

    /**
     * Judges weight candidates Ŵ while the input stays quantized as {@code input} says: the moments of O against X̂·Ŵ,
     * by unit and by group of columns.
     *
     * @param groupEnds where the columns end that share a scale, in ascending order
     */
    Function<float[], Moments[][]> weights(LayerInputQuantizer input, int[] groupEnds) {
        float[] quantizedX = weighted(input.apply(x, inputs));
        if (unitEnds.length == 1 && inputs <= rows) {
            GramWeights gram = new GramWeights(quantizedX, weighted(x.clone()), w, o, rows, inputs, outputs);
            return quantizedWeights -> new Moments[][] {gram.of(quantizedWeights, groupEnds)};
        }
        return quantizedWeights -> moments(product(quantizedX, quantizedWeights), groupEnds);
    }

    /** The moments of O against Ô, by unit and by group of columns. */
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
