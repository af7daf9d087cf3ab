package org.vitrail.search;

/**
 * Computes the share of column pairs of a row whose order the quantized row keeps; a pair that has become tied counts
 * half. Pairs that are tied in the float row, and masked columns, do not count. O(w log w), as {@link RankingLoss}; not
 * thread-safe.
 */
public final class ConcordanceIndex {
    private final UntiedPairs pairs = new UntiedPairs();

    /** Returns the index of a row; NaN where it has no pair. {@code quantized} holds Â from {@code offset} on. */
    public double of(RankedScores row, float[] quantized, int offset) {
        pairs.sweep(row, quantized, offset, 1, 0);
        long lost = pairs.count();
        pairs.sweep(row, quantized, offset, -1, 0);
        long kept = pairs.count();
        long untied = row.pairs() - row.tiedPairs();
        return 0.5 + 0.5 * (kept - lost) / untied;
    }
}
