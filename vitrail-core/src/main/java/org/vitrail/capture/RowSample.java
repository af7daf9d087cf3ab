package org.vitrail.capture;

import java.util.Arrays;

/**
 * Whole rows of a value X that stand for all of them.
 *
 * @param channels the width of a row
 * @param values [rows × channels], row-major
 * @param weights how much each row counts: rows that were left out are stood for by those of their kind that were kept
 * @param exampleEnds where the rows of each example end, in the order of the examples; those of the first begin at 0
 */
public record RowSample(int channels, float[] values, float[] weights, int[] exampleEnds) {

    public int rows() {
        return weights.length;
    }

    /**
     * So many of the rows at most, but one an example at least: of each example its share, evenly spaced. Their weights grow
     * so that each example counts as much as before.
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
