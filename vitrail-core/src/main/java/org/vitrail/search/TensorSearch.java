package org.vitrail.search;

import org.vitrail.capture.ActivationStatistics;
import org.vitrail.quantizer.AffineQuantizer;
import org.vitrail.quantizer.BitWidth;

/** Searches the quantizer of an activation on the tensor itself, for an operand of an attention product. */
public final class TensorSearch {
    private final SearchConfig config;

    public TensorSearch(SearchConfig config) {
        this.config = config;
    }

    /**
     * Returns the quantizer with the best similarity between the sampled values and their quantized form.
     *
     * @param statistics of the value with one channel
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
