package org.vitrail.pipeline;

import org.vitrail.search.SearchConfig;

/**
 * The parts of the method, each of which can be chosen by itself.
 *
 * @param search how intervals are chosen
 * @param massiveChannels whether massive channels get a quantizer of their own
 * @param compensatedRounding whether the rounding error of a weight is passed on to the weights behind it
 * @param biasCorrection whether the mean error of each output channel is taken out of its bias
 * @param tokenWeights whether tokens count as much as they move the output, or all the same
 */
public record Method(
        SearchConfig search,
        boolean massiveChannels,
        boolean compensatedRounding,
        boolean biasCorrection,
        boolean tokenWeights) {
    public Method withSearch(SearchConfig newSearch) {
        return new Method(newSearch, massiveChannels, compensatedRounding, biasCorrection, tokenWeights);
    }

    public Method withMassiveChannels(boolean newMassiveChannels) {
        return new Method(search, newMassiveChannels, compensatedRounding, biasCorrection, tokenWeights);
    }

    public Method withCompensatedRounding(boolean newCompensatedRounding) {
        return new Method(search, massiveChannels, newCompensatedRounding, biasCorrection, tokenWeights);
    }

    public Method withBiasCorrection(boolean newBiasCorrection) {
        return new Method(search, massiveChannels, compensatedRounding, newBiasCorrection, tokenWeights);
    }

    public Method withTokenWeights(boolean newTokenWeights) {
        return new Method(search, massiveChannels, compensatedRounding, biasCorrection, newTokenWeights);
    }
}
