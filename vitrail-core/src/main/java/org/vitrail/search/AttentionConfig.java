package org.vitrail.search;

import java.util.Optional;

/**
 * The configuration of the search for the operands of attention products, where they are quantized. Symmetry,
 * similarity, its aggregation and rounds are those of the surrounding {@link SearchConfig}; so is the quantile, except
 * that operands searched on their product's output start from the full range.
 *
 * @param scope where the objective is measured; operands that cannot be searched on the product's output are searched
 * on the tensor itself
 * @param ranking the ranking loss that is part of the objective, if any; only where the scope is the output
 * @param granularity the part of an operand that shares a clipping range
 * @param candidates the candidates of the search; empty for those of layer inputs
 * @param rowScaled whether each row of probabilities is divided by its maximum before it is quantized, and the row of
 * the product by the sum of the quantized row; the probabilities' quantizer is then over [0, 1], without a search
 */
public record AttentionConfig(
        Objective.Scope scope,
        Optional<Ranking> ranking,
        Granularity granularity,
        Optional<Candidates> candidates,
        boolean rowScaled) {

    /** The granularity of attention operands: the part of an operand that shares a clipping range. */
    public enum Granularity {
        /** All heads of an operand share one, as in the paper. */
        PER_LAYER,
        /** Each head has its own, where the operand's layout has a head axis. */
        PER_HEAD
    }

    public AttentionConfig {
        if (ranking.isPresent() && scope != Objective.Scope.OUTPUT) {
            throw new IllegalArgumentException("the order of scores can only be kept by a search on the output");
        }
    }

    /** Each operand searched on its own, probabilities scaled row by row: the best measured at 8 bits. */
    public static AttentionConfig defaults() {
        return new AttentionConfig(
                Objective.Scope.TENSOR, Optional.empty(), Granularity.PER_LAYER, Optional.empty(), true);
    }

    /** Plain quantizers, searched where this says, without regard to order. */
    public static AttentionConfig plain(Objective.Scope scope) {
        return new AttentionConfig(scope, Optional.empty(), Granularity.PER_LAYER, Optional.empty(), false);
    }

    /** The paper's ranking-aware search. */
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
