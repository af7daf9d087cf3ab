package org.vitrail.search;

import java.util.Arrays;

/**
 * One row of attention scores, its columns sorted once, for any number of comparisons with quantized forms of the row.
 *
 * <p>Masked columns do not count. Exporters write masks as −∞, as the least float32 or float16, as −10⁹ or as −100
 * added to a score; in each case softmax gives them probability 0. So a column is masked when its score lies {@value
 * #MASK_DISTANCE} or more below the row's largest (a probability below 10⁻²⁶), or at {@value #MASK_THRESHOLD} or less.
 */
public final class RankedScores {
    private static final float MASK_DISTANCE = 60;
    private static final float MASK_THRESHOLD = -1e4f;

    private final int[] columns;
    private final int[] ties;
    private final long tied;

    private RankedScores(int[] columns, int[] ties, long tied) {
        this.columns = columns;
        this.ties = ties;
        this.tied = tied;
    }

    /** Returns the row of {@code width} scores that starts at {@code offset}; it has no NaN. */
    public static RankedScores of(float[] scores, int offset, int width) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int j = 0; j < width; j++) {
            largest = Math.max(largest, scores[offset + j]);
        }
        float masked = Math.max(MASK_THRESHOLD, largest - MASK_DISTANCE);
        long[] keys = new long[width];
        int count = 0;
        for (int j = 0; j < width; j++) {
            if (scores[offset + j] > masked) {
                keys[count++] = (long) ascending(scores[offset + j]) << Integer.SIZE | j;
            }
        }
        Arrays.sort(keys, 0, count);
        int[] columns = new int[count];
        for (int k = 0; k < count; k++) {
            columns[k] = (int) keys[k];
        }
        return tied(scores, offset, columns);
    }

    /** Returns an integer that orders as the float does, with −0 and 0 equal. */
    private static int ascending(float score) {
        int bits = Float.floatToIntBits(score + 0f);
        return bits >= 0 ? bits : bits ^ Integer.MAX_VALUE;
    }

    private static RankedScores tied(float[] scores, int offset, int[] columns) {
        int[] ties = new int[columns.length];
        int ends = 0;
        long tied = 0;
        for (int from = 0; from < columns.length; ) {
            int to = from + 1;
            while (to < columns.length && scores[offset + columns[to]] == scores[offset + columns[from]]) {
                to++;
            }
            if (to - from > 1) {
                ties[ends++] = from;
                ties[ends++] = to;
                tied += (long) (to - from) * (to - from - 1) / 2;
            }
            from = to;
        }
        return new RankedScores(columns, Arrays.copyOf(ties, ends), tied);
    }

    /** Returns the columns that count, by ascending score; the internal array. */
    int[] columns() {
        return columns;
    }

    /** Returns the columns with the largest scores: {@code count} of them, or as many as there are. */
    public int[] largest(int count) {
        return Arrays.copyOfRange(columns, Math.max(0, columns.length - count), columns.length);
    }

    /** Returns start and end positions in {@link #columns()} of each group of equal scores; the internal array. */
    int[] ties() {
        return ties;
    }

    /** Returns the number of pairs of columns that count. */
    public long pairs() {
        return (long) columns.length * (columns.length - 1) / 2;
    }

    /** Returns the number of pairs of columns with equal scores. */
    public long tiedPairs() {
        return tied;
    }
}
