package org.vitrail.search;

import org.vitrail.quantizer.Granularity;

/**
 * The search of weight scales.
 *
 * @param granularity which weights share a scale
 * @param candidates the factors of the initial scale that are tried
 */
public record WeightConfig(Granularity granularity, Candidates candidates) {
    public WeightConfig withGranularity(Granularity newGranularity) {
        return new WeightConfig(newGranularity, candidates);
    }

    public WeightConfig withCandidates(Candidates newCandidates) {
        return new WeightConfig(granularity, newCandidates);
    }
}
