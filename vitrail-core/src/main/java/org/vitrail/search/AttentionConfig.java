package org.vitrail.search;

import java.util.Optional;

/**
 * How the operands of attention products are quantized, where they are. Symmetry, similarity, unit and rounds are those
 * of the {@link SearchConfig} around it; so is the quantile, save that operands searched by their product start from all
 * values.
 *
 * @param scope where the objective is measured; operands that cannot be searched by their product are searched by
 *     themselves
 * @param ranking whether the order of the scores counts too, and how much; only where the scope is the output
 * @param granularity what shares an interval
 * @param candidates how far to look; empty where that is as for the inputs of layers
 * @param rowScaled whether each row of probabilities is divided by its largest before it is quantized, and the row of the
 *     product by the sum of what became of it; the probabilities' quantizer is then over [0, 1] without any search
 */
public record AttentionConfig(
        Objective.Scope scope,
        Optional<Ranking> ranking,
        Granularity granularity,
        Optional<Candidates> candidates,
        boolean rowScaled) {

    /** What shares an interval. */
    public enum Granularity {
        /** All heads of an operand, as in the paper. */
        PER_LAYER,
        /** A head of an operand, where its layout has an axis for heads. */
        PER_HEAD
    }

    public AttentionConfig {
        if (ranking.isPresent() && scope != Objective.Scope.OUTPUT) {
            throw new IllegalArgumentException("the order of scores can only be kept by a search on the output");
        }
    }

    /** Each operand by itself, probabilities scaled row by row: what measured best at 8 bits. */
    public static AttentionConfig defaults() {
        return new AttentionConfig(
                Objective.Scope.TENSOR, Optional.empty(), Granularity.PER_LAYER, Optional.empty(), true);
    }

    /** Plain quantizers, searched where this says, without regard to order. */
    public static AttentionConfig plain(Objective.Scope scope) {
        return new AttentionConfig(scope, Optional.empty(), Granularity.PER_LAYER, Optional.empty(), false);
    }

    /** The ranking-aware search. */
    public static AttentionConfig paper() {
        return plain(Objective.Scope.OUTPUT).withRanking(Optional.of(Ranking.PAPER));
    }

    /** All settings as one text, of a form that stays. */
    String describe() {
        return "AttentionConfig[scope=" + scope
                + ", ranking=" + ranking.map(Ranking::describe)
                + ", granularity=" + granularity
                + ", candidates=" + candidates.map(Candidates::describe)
                + ", rowScaled=" + rowScaled + "]";
    }

    public AttentionConfig withRanking(Optional<Ranking> newRanking) {
        return new AttentionConfig(scope, newRanking, granularity, candidates, rowScaled);
    }

    public AttentionConfig withGranularity(Granularity newGranularity) {
        return new AttentionConfig(scope, ranking, newGranularity, candidates, rowScaled);
    }

    public AttentionConfig withCandidates(Candidates newCandidates) {
        return new AttentionConfig(scope, ranking, granularity, Optional.of(newCandidates), rowScaled);
    }
}
