package org.vitrail.pipeline;

import org.vitrail.compensate.BiasCorrection;
import org.vitrail.compensate.WeightRounding;
import org.vitrail.search.SearchConfig;

/**
 * The parts of the method, each of which can be chosen by itself.
 *
 * @param search how intervals are chosen
 * @param massiveChannels whether massive channels get a quantizer of their own
 * @param rounding how weights get their codes once their scales are chosen
 * @param biasCorrection where the mean error of each output channel comes from, which is taken out of its bias
 * @param tokenWeights whether tokens count as much as they move the output, or all the same
 */
public record Method(
        SearchConfig search,
        boolean massiveChannels,
        WeightRounding rounding,
        BiasCorrection.Source biasCorrection,
        boolean tokenWeights) {
    /** All settings as one line; it is written into files, so that its form stays whatever classes are called. */
    public String describe() {
        return "Method[search=" + search.describe()
                + ", massiveChannels=" + massiveChannels
                + ", rounding=" + rounding
                + ", biasCorrection=" + biasCorrection
                + ", tokenWeights=" + tokenWeights + "]";
    }

    public Method withSearch(SearchConfig newSearch) {
        return new Method(newSearch, massiveChannels, rounding, biasCorrection, tokenWeights);
    }

    public Method withMassiveChannels(boolean newMassiveChannels) {
        return new Method(search, newMassiveChannels, rounding, biasCorrection, tokenWeights);
    }

    public Method withRounding(WeightRounding newRounding) {
        return new Method(search, massiveChannels, newRounding, biasCorrection, tokenWeights);
    }

    public Method withBiasCorrection(BiasCorrection.Source newBiasCorrection) {
        return new Method(search, massiveChannels, rounding, newBiasCorrection, tokenWeights);
    }

    public Method withTokenWeights(boolean newTokenWeights) {
        return new Method(search, massiveChannels, rounding, biasCorrection, newTokenWeights);
    }
}
