package org.vitrail.search;

import org.vitrail.quantizer.Granularity;
import org.vitrail.quantizer.Symmetry;

/**
 * The search of quantizers: a start, an objective, and the candidates that are tried. Every preset is a choice among these
 * pieces.
 *
 * @param weights the search of weight scales
 * @param activations the search of activation intervals
 * @param objective what the search maximises for linear layers
 * @param rounds alternations between two operands at most; the search ends early when nothing changes
 * @param attention how the operands of attention products are quantized
 */
public record SearchConfig(
        WeightConfig weights,
        ActivationConfig activations,
        Objective objective,
        int rounds,
        AttentionConfig attention) {
    public SearchConfig {
        if (rounds < 1) {
            throw new IllegalArgumentException("a search needs a round at least, got " + rounds);
        }
    }

    /** Output error with per-channel weights and asymmetric activations: what measured best at 8 bits. */
    public static SearchConfig defaults() {
        return new SearchConfig(
                new WeightConfig(Granularity.PER_CHANNEL, new Candidates(0.5, 2, 61)),
                new ActivationConfig(Symmetry.ASYMMETRIC, 1, new Candidates(0.3, 1.0, 36)),
                new Objective(Objective.Scope.OUTPUT, Similarity.SQUARED_ERROR, SimilarityAggregation.POOLED),
                2,
                AttentionConfig.defaults());
    }

    /**
     * The paper's search: per tensor, symmetric, Pearson image by image, ranking-aware in attention, alternating for 20
     * rounds at most.
     */
    public static SearchConfig paper() {
        return new SearchConfig(
                new WeightConfig(Granularity.PER_TENSOR, Candidates.PAPER),
                new ActivationConfig(Symmetry.SYMMETRIC, 1, Candidates.PAPER),
                new Objective(Objective.Scope.OUTPUT, Similarity.PEARSON, SimilarityAggregation.PER_IMAGE),
                20,
                AttentionConfig.paper());
    }

    /** The paper's search, which reaches further in attention. */
    public static SearchConfig paperNormalised() {
        return paper().withAttention(AttentionConfig.paper().withCandidates(Candidates.WIDE));
    }

    /** No search: the interval that covers every value seen. */
    public static SearchConfig minMax() {
        return baseline(Objective.Scope.NONE, Similarity.SQUARED_ERROR);
    }

    /** No search: the interval that covers 99.99 % of the values seen. */
    public static SearchConfig percentile() {
        SearchConfig minMax = minMax();
        return minMax.withActivations(minMax.activations.withQuantile(0.9999));
    }

    /** Least squared error of each tensor by itself (OMSE). */
    public static SearchConfig squaredError() {
        return baseline(Objective.Scope.TENSOR, Similarity.SQUARED_ERROR);
    }

    /** Cosine similarity of layer outputs, alternating (EasyQuant). */
    public static SearchConfig easyQuant() {
        return baseline(Objective.Scope.OUTPUT, Similarity.COSINE);
    }

    /** Least squared error of each tensor by itself, weights channel by channel: the start of Bit-split. */
    public static SearchConfig bitSplit() {
        SearchConfig squaredError = squaredError();
        return squaredError.withWeights(squaredError.weights.withGranularity(Granularity.PER_CHANNEL));
    }

    /** Cosine similarity of layer outputs, 100 candidates from near zero to 1.2 times the range, 3 rounds (PTQ4ViT). */
    public static SearchConfig ptq4vit() {
        Candidates reach = new Candidates(0.01, 1.2, 100);
        SearchConfig easyQuant = easyQuant();
        return easyQuant
                .withWeights(easyQuant.weights.withCandidates(reach))
                .withActivations(easyQuant.activations.withCandidates(reach))
                .withRounds(3);
    }

    /** The paper's quantizers with another objective, and plain quantizers in attention. */
    private static SearchConfig baseline(Objective.Scope scope, Similarity similarity) {
        return paper().withObjective(new Objective(scope, similarity, SimilarityAggregation.PER_IMAGE))
                .withAttention(AttentionConfig.plain(scope));
    }

    /** The candidates for attention's operands. */
    Candidates attentionCandidates() {
        return attention.candidates().orElse(activations.candidates());
    }

    /** All settings as one line; it is written into files, so that its form stays whatever classes are called. */
    public String describe() {
        return "SearchConfig[weights=" + weights.granularity()
                + ", activations=" + activations.symmetry()
                + ", quantile=" + activations.quantile()
                + ", scope=" + objective.scope()
                + ", similarity=" + objective.similarity()
                + ", weightCandidates=" + weights.candidates().describe()
                + ", activationCandidates=" + activations.candidates().describe()
                + ", rounds=" + rounds
                + ", unit=" + objective.aggregation()
                + ", attention=" + attention.describe() + "]";
    }

    public SearchConfig withWeights(WeightConfig newWeights) {
        return new SearchConfig(newWeights, activations, objective, rounds, attention);
    }

    public SearchConfig withActivations(ActivationConfig newActivations) {
        return new SearchConfig(weights, newActivations, objective, rounds, attention);
    }

    public SearchConfig withObjective(Objective newObjective) {
        return new SearchConfig(weights, activations, newObjective, rounds, attention);
    }

    public SearchConfig withRounds(int newRounds) {
        return new SearchConfig(weights, activations, objective, newRounds, attention);
    }

    public SearchConfig withAttention(AttentionConfig newAttention) {
        return new SearchConfig(weights, activations, objective, rounds, newAttention);
    }
}
