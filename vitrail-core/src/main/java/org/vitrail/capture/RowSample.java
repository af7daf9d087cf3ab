package org.vitrail.capture;

import java.util.Arrays;

/**
 * A sample of whole rows of a value X.
 *
 * @param channels number of channels of a row
 * @param values [rows × channels], row-major
 * @param weights the weight of each row: kept rows also represent the rows of their kind that were left out
 * @param exampleEnds ends of the rows of each example, in the order of the examples; those of the first begin at 0
 */
public record RowSample(int channels, float[] values, float[] weights, int[] exampleEnds) {

    public int rows() {
        return weights.length;
    }

    /**
     * Returns at most this many of the rows, but at least one per example: of each example its share, evenly spaced.
     * Their weights grow so that the total weight of each example is unchanged.
     */
    public RowSample thinned(int most) {
        if (rows() <= most) {
            return this;
        }
        float[] keptValues = new float[values.length];
        float[] keptWeights = new float[rows()];
        int[] keptEnds = new int[exampleEnds.length];
        int kept = 0;
        int from = 0;
        for (int example = 0; example < exampleEnds.length; example++) {
            int count = exampleEnds[example] - from;
            int wanted = (int) Math.max(Math.min(count, 1), (long) count * most / rows());
            int first = kept;
            for (int i = 0; i < wanted; i++, kept++) {
                int row = from + (int) ((long) i * count / wanted);
                System.arraycopy(values, row * channels, keptValues, kept * channels, channels);
                keptWeights[kept] = weights[row];
            }
            float growth = (float) (sum(weights, from, exampleEnds[example]) / sum(keptWeights, first, kept));
            for (int row = first; row < kept; row++) {
                keptWeights[row] *= growth;
            }
            keptEnds[example] = kept;
            from = exampleEnds[example];
        }
        return new RowSample(
                channels, Arrays.copyOf(keptValues, kept * channels), Arrays.copyOf(keptWeights, kept), keptEnds);
    }

    private static double sum(float[] values, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += values[i];
        }
        return sum;
    }
}
