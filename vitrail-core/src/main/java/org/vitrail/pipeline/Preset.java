package org.vitrail.pipeline;

import java.util.Locale;
import java.util.Optional;
import org.vitrail.search.SearchConfig;

/** A named choice among the parts of the method; none has code of its own. */
public enum Preset {
    /** Per-channel weights, asymmetric activations, least output error, massive channels apart, bias correction. */
    BEST(new Method(SearchConfig.defaults(), true, true, true, true)),
    /**
     * Liu et al., NeurIPS 2021: Pearson similarity of layer outputs, ranking-aware attention, per tensor, symmetric, bias
     * correction.
     */
    PAPER(new Method(SearchConfig.paper(), false, false, true, false)),
    /** Baseline: cosine similarity of layer outputs (EasyQuant). */
    EASYQUANT(new Method(SearchConfig.easyQuant(), false, false, false, false)),
    /** Baseline: least squared error of each tensor (OMSE). */
    MSE(new Method(SearchConfig.squaredError(), false, false, false, false)),
    /** Baseline: 99.99 % of the values. */
    PERCENTILE(new Method(SearchConfig.percentile(), false, false, false, false)),
    /** Baseline: all values. */
    MINMAX(new Method(SearchConfig.minMax(), false, false, false, false));

    private final Method method;

    Preset(Method method) {
        this.method = method;
    }

    /** The name that users give. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
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

    /** What happens to attention where users do not say: the paper and its baselines quantize it. */
    public QuantizationConfig.AttentionMode attention() {
        return this == BEST ? QuantizationConfig.AttentionMode.FLOAT : QuantizationConfig.AttentionMode.QUANTIZED;
    }
}
