package org.vitrail.search;

/**
 * How much of the order of attention scores is lost in their quantized form [P eq. 10]: for a row of scores A and its
 * quantized form Â
 *
 * <pre>  L = mean over i &lt; j of Φ((Âi − Âj) · sign(Ai − Aj)),   Φ(p) = max(0, θ − p)</pre>
 *
 * <p>so that a pair costs nothing where its order is kept by a margin of θ. Pairs that are tied in A cost θ. With the
 * columns sorted by A, a pair a before b costs max(0, θ + Âa − Âb), which {@link PairSweep} adds up in O(w log w).
 *
 * <p>Holds scratch space: one thread at a time.
 */
public final class RankingLoss {
    private final double theta;
    private final UntiedPairs pairs = new UntiedPairs();

    /**
     * @param theta the margin, in units of the scores that enter softmax
     */
    public RankingLoss(double theta) {
        if (!(theta >= 0)) {
            throw new IllegalArgumentException("a margin is zero or more, got " + theta);
        }
        this.theta = theta;
    }

    /** The mean loss over the pairs of a row; 0 where there is no pair. {@code quantized} holds Â from {@code offset} on. */
    public double of(ScoreRow row, float[] quantized, int offset) {
        if (row.pairs() == 0) {
            return 0;
        }
        pairs.sweep(row, quantized, offset, 1, theta);
        return (pairs.sum() + theta * row.tiedPairs()) / row.pairs();
    }
}
