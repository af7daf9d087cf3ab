package org.vitrail.search;

import org.vitrail.capture.ActivationStatistics;
import org.vitrail.quantizer.AffineQuantizer;
import org.vitrail.quantizer.BitWidth;

/** Chooses the quantizer of an activation by itself: an operand of an attention product. */
public final class TensorSearch {
    private final SearchConfig config;

    public TensorSearch(SearchConfig config) {
        this.config = config;
    }

    /**
     * The quantizer under which the sampled values change least.
     *
     * @param statistics of the value as single numbers
     */
    public AffineQuantizer run(ActivationStatistics statistics, BitWidth bits) {
        float[] x = statistics.sample().values();
        ClippingRange interval = config.activations().quantile() < 1
                ? ClippingRange.ofQuantile(x, config.activations().quantile())
                : new ClippingRange(statistics.least()[0], statistics.most()[0]);
        ClippingRangeSearch search =
                new ClippingRangeSearch(interval, bits, config.activations().symmetry(), config.attentionCandidates());
        if (config.attention().scope() == Objective.Scope.NONE) {
            return search.initial();
        }
        return search.best(true, quantizer -> {
            float[] quantized = new float[x.length];
            quantizer.apply(x, quantized, x.length);
            return config.objective().similarity().score(Moments.of(x, quantized));
        });
    }
}
