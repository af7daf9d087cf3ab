package org.vitrail.pipeline;

import java.util.Locale;
import java.util.Optional;
import org.vitrail.compensate.BiasCorrection;
import org.vitrail.compensate.WeightRounding;
import org.vitrail.search.SearchConfig;

/** A named combination of the parts of the method. Presets have no code of their own. */
public enum Preset {
    /** Per-channel weights, asymmetric activations, least output error, massive channels apart, bias correction. */
    BEST(new Method(SearchConfig.defaults(), true, WeightRounding.COMPENSATED, BiasCorrection.Source.ANALYTIC, true)),
    /**
     * Liu et al., NeurIPS 2021: Pearson similarity of layer outputs, ranking-aware attention, per tensor, symmetric, bias
     * correction.
     */
    PAPER(new Method(SearchConfig.paper(), false, WeightRounding.NEAREST, BiasCorrection.Source.ANALYTIC, false)),
    /**
     * The parts of {@link #PAPER} with the settings that measured best: attention ranges searched from a twentieth of
     * the largest value, biases corrected by errors relative to their token.
     */
    PAPER_NORMALISED(new Method(
            SearchConfig.paperNormalised(), false, WeightRounding.NEAREST, BiasCorrection.Source.RELATIVE, false)),
    /** Baseline: cosine similarity of layer outputs (EasyQuant). */
    EASYQUANT(new Method(SearchConfig.easyQuant(), false, WeightRounding.NEAREST, BiasCorrection.Source.NONE, false)),
    /**
     * Baseline: Bit-split and Stitching (Wang et al., ICML 2020): weights by channel and bit by bit for the least output
     * error, activations by squared error.
     */
    BIT_SPLIT(new Method(SearchConfig.bitSplit(), false, WeightRounding.BIT_SPLIT, BiasCorrection.Source.NONE, false)),
    /** Baseline: cosine similarity of layer outputs with the reach of PTQ4ViT's search; without its twin quantizers. */
    PTQ4VIT(new Method(SearchConfig.ptq4vit(), false, WeightRounding.NEAREST, BiasCorrection.Source.NONE, false)),
    /** Baseline: least squared error of each tensor (OMSE). */
    MSE(new Method(SearchConfig.squaredError(), false, WeightRounding.NEAREST, BiasCorrection.Source.NONE, false)),
    /** Baseline: the range of 99.99 % of the values. */
    PERCENTILE(new Method(SearchConfig.percentile(), false, WeightRounding.NEAREST, BiasCorrection.Source.NONE, false)),
    /** Baseline: the range of all values. */
    MINMAX(new Method(SearchConfig.minMax(), false, WeightRounding.NEAREST, BiasCorrection.Source.NONE, false));

    private final Method method;

    Preset(Method method) {
        this.method = method;
    }

    /** Returns the name that users give. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Preset> ofName(String name) {
        for (Preset preset : values()) {
            if (preset.label().equalsIgnoreCase(name)) {
                return Optional.of(preset);
            }
        }
        return Optional.empty();
    }

    public Method method() {
        return method;
    }

    /** Returns the default attention mode: the paper and its baselines quantize attention. */
    public AttentionMode attention() {
        return this == BEST ? AttentionMode.FLOAT : AttentionMode.QUANTIZED;
    }
}
