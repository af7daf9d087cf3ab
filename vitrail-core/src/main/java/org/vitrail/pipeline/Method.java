package org.vitrail.pipeline;

import java.util.List;
import org.vitrail.compensate.BiasCorrection;
import org.vitrail.compensate.WeightRounding;
import org.vitrail.fold.Transform;
import org.vitrail.search.SearchConfig;

/**
 * The parts of the quantization method. Each can be chosen independently.
 *
 * @param search how intervals are chosen
 * @param massiveChannels whether massive channels get a quantizer of their own
 * @param rounding how weights get their codes once their scales are chosen
 * @param biasCorrection where the mean error of each output channel comes from, which is taken out of its bias
 * @param tokenWeights whether tokens count as much as they move the output, or all the same
 * @param transforms rewrites of the float model before it is observed, in their order
 */
public record Method(
        SearchConfig search,
        boolean massiveChannels,
        WeightRounding rounding,
        BiasCorrection.Source biasCorrection,
        boolean tokenWeights,
        List<Transform> transforms) {
    public Method {
        transforms = List.copyOf(transforms);
    }

    /** Creates a method without transforms. */
    public Method(
            SearchConfig search,
            boolean massiveChannels,
            WeightRounding rounding,
            BiasCorrection.Source biasCorrection,
            boolean tokenWeights) {
        this(search, massiveChannels, rounding, biasCorrection, tokenWeights, List.of());
    }

    /** Returns all settings as one line. It is written into files and keeps its form when classes are renamed. */
    public String describe() {
        return "Method[search=" + search.describe()
                + ", massiveChannels=" + massiveChannels
                + ", rounding=" + rounding
                + ", biasCorrection=" + biasCorrection
                + ", tokenWeights=" + tokenWeights
                + (transforms.isEmpty() ? "" : ", transforms=" + transforms) + "]";
    }

    public Method withSearch(SearchConfig newSearch) {
        return new Method(newSearch, massiveChannels, rounding, biasCorrection, tokenWeights, transforms);
    }

    public Method withMassiveChannels(boolean newMassiveChannels) {
        return new Method(search, newMassiveChannels, rounding, biasCorrection, tokenWeights, transforms);
    }

    public Method withRounding(WeightRounding newRounding) {
        return new Method(search, massiveChannels, newRounding, biasCorrection, tokenWeights, transforms);
    }

    public Method withBiasCorrection(BiasCorrection.Source newBiasCorrection) {
        return new Method(search, massiveChannels, rounding, newBiasCorrection, tokenWeights, transforms);
    }

    public Method withTokenWeights(boolean newTokenWeights) {
        return new Method(search, massiveChannels, rounding, biasCorrection, newTokenWeights, transforms);
    }

    public Method withTransforms(List<Transform> newTransforms) {
        return new Method(search, massiveChannels, rounding, biasCorrection, tokenWeights, newTransforms);
    }
}
