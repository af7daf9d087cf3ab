package org.vitrail.search;

import org.vitrail.quantizer.Symmetry;

/**
 * The search of activation intervals.
 *
 * @param symmetry whether zero points move
 * @param quantile the share of a tensor's values that the initial interval covers; 1 is min-max
 * @param candidates the factors of the initial interval that are tried, in attention too where it has none of its own
 */
public record ActivationConfig(Symmetry symmetry, double quantile, Candidates candidates) {
    public ActivationConfig {
        if (!(quantile > 0.5 && quantile <= 1)) {
            throw new IllegalArgumentException("a quantile lies above 0.5 and up to 1, got " + quantile);
        }
    }

    public ActivationConfig withQuantile(double newQuantile) {
        return new ActivationConfig(symmetry, newQuantile, candidates);
    }

    public ActivationConfig withCandidates(Candidates newCandidates) {
        return new ActivationConfig(symmetry, quantile, newCandidates);
    }
}
