package org.vitrail.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.quantizer.Granularity;
import org.vitrail.quantizer.RoundToNearest;

/**
 * The matrices of the layers that read one value, concatenated to one W [inputs × outputs], with its groups of weights
 * that share a scale: an output channel, or all channels of a layer. Scales are stored one per column.
 */
final class WeightMatrix {
    /** The columns of one layer, from (included) to (excluded). */
    record Columns(int from, int to) {}

    private final float[] original;
    private final float[] quantizable;
    private final int inputs;
    private final int outputs;
    private final List<Columns> layers = new ArrayList<>();
    private final int[] groupOfColumn;
    private final int groups;
    private final BitWidth bits;
    private final List<Integer> massive;
    private final float[] initialScales;

    /**
     * @param massive input channels whose weights stay float
     */
    WeightMatrix(List<float[]> matrices, int inputs, Granularity granularity, BitWidth bits, List<Integer> massive) {
        this.inputs = inputs;
        this.bits = bits;
        this.massive = massive;
        int columns = 0;
        for (float[] matrix : matrices) {
            layers.add(new Columns(columns, columns + matrix.length / inputs));
            columns += matrix.length / inputs;
        }
        this.outputs = columns;
        this.original = new float[inputs * outputs];
        this.groupOfColumn = new int[outputs];
        for (int l = 0; l < layers.size(); l++) {
            int from = layers.get(l).from();
            int width = layers.get(l).to() - from;
            for (int k = 0; k < inputs; k++) {
                System.arraycopy(matrices.get(l), k * width, original, k * outputs + from, width);
            }
            for (int n = from; n < from + width; n++) {
                groupOfColumn[n] = granularity == Granularity.PER_CHANNEL ? n : l;
            }
        }
        this.groups = granularity == Granularity.PER_CHANNEL ? outputs : layers.size();
        this.quantizable = original.clone();
        for (int channel : massive) {
            Arrays.fill(quantizable, channel * outputs, (channel + 1) * outputs, 0f);
        }
        this.initialScales = peaks();
    }

    /** Returns Δ = max|·| / (2^(b−1) − 1) of each group; groups of zeros get the scale 1. */
    private float[] peaks() {
        float[] peaks = new float[groups];
        for (int k = 0, i = 0; k < inputs; k++) {
            for (int n = 0; n < outputs; n++, i++) {
                peaks[groupOfColumn[n]] = Math.max(peaks[groupOfColumn[n]], Math.abs(quantizable[i]));
            }
        }
        float[] scales = new float[outputs];
        for (int n = 0; n < outputs; n++) {
            float peak = peaks[groupOfColumn[n]];
            scales[n] = peak > 0 ? Math.max(peak / bits.symmetric().highest(), Float.MIN_NORMAL) : 1;
        }
        return scales;
    }

    float[] original() {
        return original;
    }

    int outputs() {
        return outputs;
    }

    List<Columns> layers() {
        return layers;
    }

    int groups() {
        return groups;
    }

    float[] initialScales() {
        return initialScales;
    }

    /** Returns the scale of each column when group g takes candidate choice[g]. */
    float[] scales(int[] choice, Candidates candidates) {
        float[] scales = new float[outputs];
        for (int n = 0; n < outputs; n++) {
            scales[n] = (float) (initialScales[n] * candidates.factor(choice[groupOfColumn[n]]));
        }
        return scales;
    }

    /** Returns Ŵ under these scales, with the rows of massive channels in float. */
    float[] quantized(float[] scales) {
        float[] quantized = RoundToNearest.fakeQuantize(quantizable, inputs, outputs, scales, bits);
        for (int channel : massive) {
            System.arraycopy(original, channel * outputs, quantized, channel * outputs, outputs);
        }
        return quantized;
    }

    /** Returns the ends of the groups of columns. */
    int[] groupEnds() {
        int[] ends = new int[groups];
        for (int n = 0; n < outputs; n++) {
            ends[groupOfColumn[n]] = n + 1;
        }
        return ends;
    }

    /** Returns the moments of W against Ŵ, one per group. */
    Moments[] moments(float[] quantized) {
        ColumnMoments columns = new ColumnMoments(outputs);
        for (int k = 0; k < inputs; k++) {
            columns.add(original, quantized, k * outputs, 1);
        }
        return columns.of(groupEnds());
    }
}
