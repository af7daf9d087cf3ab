package org.vitrail.search;

import org.vitrail.quantizer.Granularity;
import org.vitrail.quantizer.Symmetry;

/**
 * How intervals are chosen: a start, what to compare, where to compare it, and how far to look. Every preset is a
 * choice among these pieces.
 *
 * @param weights what shares a weight scale
 * @param activations whether activation zero points move
 * @param quantile the share of a tensor's values that the initial activation interval covers; 1 is min-max
 * @param scope where the objective is measured
 * @param similarity what is measured there
 * @param weightCandidates reach of the weight search
 * @param activationCandidates reach of the activation search, in attention too where it has no other
 * @param rounds alternations between two operands at most; the search ends early when nothing changes
 * @param unit whether images are judged one by one or together
 * @param attention how the operands of attention products are quantized
 */
public record SearchConfig(
        Granularity weights,
        Symmetry activations,
        double quantile,
        Scope scope,
        Similarity similarity,
        Candidates weightCandidates,
        Candidates activationCandidates,
        int rounds,
        SimilarityAggregation unit,
        AttentionConfig attention) {

    /** Where the objective is measured. */
    public enum Scope {
        /** Nowhere: the initial interval stays. */
        NONE,
        /** On the tensor itself: X against X̂, W against Ŵ. */
        TENSOR,
        /** On the layer's output: X·W against X̂·Ŵ. */
        OUTPUT
    }

    public SearchConfig {
        if (!(quantile > 0.5 && quantile <= 1)) {
            throw new IllegalArgumentException("a quantile lies above 0.5 and up to 1, got " + quantile);
        }
        if (rounds < 1) {
            throw new IllegalArgumentException("a search needs a round at least, got " + rounds);
        }
    }

    /** Output error with per-channel weights and asymmetric activations: what measured best at 8 bits (RECIPE.md). */
    public static SearchConfig defaults() {
        return new SearchConfig(
                Granularity.PER_CHANNEL,
                Symmetry.ASYMMETRIC,
                1,
                Scope.OUTPUT,
                Similarity.SQUARED_ERROR,
                new Candidates(0.5, 2, 61),
                new Candidates(0.3, 1.0, 36),
                2,
                SimilarityAggregation.POOLED,
                AttentionConfig.defaults());
    }

    /**
     * The paper's search: per tensor, symmetric, Pearson image by image, ranking-aware in attention, alternating for 20
     * rounds at most.
     */
    public static SearchConfig paper() {
        return new SearchConfig(
                Granularity.PER_TENSOR,
                Symmetry.SYMMETRIC,
                1,
                Scope.OUTPUT,
                Similarity.PEARSON,
                Candidates.PAPER,
                Candidates.PAPER,
                20,
                SimilarityAggregation.PER_IMAGE,
                AttentionConfig.paper());
    }

    /** The paper's search, which reaches further in attention. */
    public static SearchConfig paperNormalised() {
        return paper().withAttention(AttentionConfig.paper().withCandidates(Candidates.WIDE));
    }

    /** No search: the interval that covers every value seen. */
    public static SearchConfig minMax() {
        return paper().withScope(Scope.NONE, Similarity.SQUARED_ERROR).withAttention(AttentionConfig.plain(Scope.NONE));
    }

    /** No search: the interval that covers 99.99 % of the values seen. */
    public static SearchConfig percentile() {
        return minMax().withQuantile(0.9999);
    }

    /** Least squared error of each tensor by itself (OMSE). */
    public static SearchConfig squaredError() {
        return paper().withScope(Scope.TENSOR, Similarity.SQUARED_ERROR)
                .withAttention(AttentionConfig.plain(Scope.TENSOR));
    }

    /** Cosine similarity of layer outputs, alternating (EasyQuant). */
    public static SearchConfig easyQuant() {
        return paper().withScope(Scope.OUTPUT, Similarity.COSINE).withAttention(AttentionConfig.plain(Scope.OUTPUT));
    }

    /** Least squared error of each tensor by itself, weights channel by channel: where Bit-split starts from. */
    public static SearchConfig bitSplit() {
        return squaredError().withGranularity(Granularity.PER_CHANNEL, Symmetry.SYMMETRIC);
    }

    /** Cosine similarity of layer outputs, 100 candidates from near zero to 1.2 times the range, 3 rounds (PTQ4ViT). */
    public static SearchConfig ptq4vit() {
        Candidates reach = new Candidates(0.01, 1.2, 100);
        return easyQuant()
                .withWeightCandidates(reach)
                .withActivationCandidates(reach)
                .withRounds(3);
    }

    /** Reach of the search of attention's operands. */
    Candidates attentionCandidates() {
        return attention.candidates().orElse(activationCandidates);
    }

    public SearchConfig withScope(Scope newScope, Similarity newSimilarity) {
        return new SearchConfig(
                weights,
                activations,
                quantile,
                newScope,
                newSimilarity,
                weightCandidates,
                activationCandidates,
                rounds,
                unit,
                attention);
    }

    public SearchConfig withQuantile(double newQuantile) {
        return new SearchConfig(
                weights,
                activations,
                newQuantile,
                scope,
                similarity,
                weightCandidates,
                activationCandidates,
                rounds,
                unit,
                attention);
    }

    public SearchConfig withWeightCandidates(Candidates newCandidates) {
        return new SearchConfig(
                weights,
                activations,
                quantile,
                scope,
                similarity,
                newCandidates,
                activationCandidates,
                rounds,
                unit,
                attention);
    }

    public SearchConfig withActivationCandidates(Candidates newCandidates) {
        return new SearchConfig(
                weights,
                activations,
                quantile,
                scope,
                similarity,
                weightCandidates,
                newCandidates,
                rounds,
                unit,
                attention);
    }

    public SearchConfig withRounds(int newRounds) {
        return new SearchConfig(
                weights,
                activations,
                quantile,
                scope,
                similarity,
                weightCandidates,
                activationCandidates,
                newRounds,
                unit,
                attention);
    }

    public SearchConfig withGranularity(Granularity newWeights, Symmetry newActivations) {
        return new SearchConfig(
                newWeights,
                newActivations,
                quantile,
                scope,
                similarity,
                weightCandidates,
                activationCandidates,
                rounds,
                unit,
                attention);
    }

    public SearchConfig withUnit(SimilarityAggregation newUnit) {
        return new SearchConfig(
                weights,
                activations,
                quantile,
                scope,
                similarity,
                weightCandidates,
                activationCandidates,
                rounds,
                newUnit,
                attention);
    }

    public SearchConfig withAttention(AttentionConfig newAttention) {
        return new SearchConfig(
                weights,
                activations,
                quantile,
                scope,
                similarity,
                weightCandidates,
                activationCandidates,
                rounds,
                unit,
                newAttention);
    }
}
