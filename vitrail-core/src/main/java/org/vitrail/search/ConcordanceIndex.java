package org.vitrail.search;

/**
 * The share of the pairs of a row's columns whose order is kept in its quantized form; a pair that has become tied counts
 * half. Pairs that were tied to begin with, and masked columns, do not count. O(w log w), as {@link RankingLoss}; one
 * thread at a time.
 */
public final class ConcordanceIndex {
    private final UntiedPairs pairs = new UntiedPairs();

    /** The agreement of a row; NaN where it has no pair. {@code quantized} holds Â from {@code offset} on. */
    public double of(RankedScores row, float[] quantized, int offset) {
        pairs.sweep(row, quantized, offset, 1, 0);
        long lost = pairs.count();
        pairs.sweep(row, quantized, offset, -1, 0);
        long kept = pairs.count();
        long untied = row.pairs() - row.tiedPairs();
        return 0.5 + 0.5 * (kept - lost) / untied;
    }
}
