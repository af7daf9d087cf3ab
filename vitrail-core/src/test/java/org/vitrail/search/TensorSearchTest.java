package org.vitrail.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.vitrail.capture.ActivationStatistics;
import org.vitrail.capture.TokenWeights;
import org.vitrail.quantizer.AffineQuantizer;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.search.Objective.Scope;
import org.vitrail.tensor.Tensor;

class TensorSearchTest {
    private static final BitWidth BITS = new BitWidth(4);

    /** Many small values and one outlier, which a search clips. */
    private static ActivationStatistics statistics() {
        float[] values = new float[1000];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        values[7] = 12;
        return ActivationStatistics.of(
                0, Tensor.of(new int[] {values.length, 1}, values), 1, values.length, TokenWeights.EVEN, random);
    }

    private static AffineQuantizer search(Scope scope) {
        SearchConfig config = SearchConfig.squaredError().withAttention(AttentionConfig.plain(scope));
        return new TensorSearch(config).run(statistics(), BITS);
    }

    @Test
    void attentionWithoutASearchCoversAllValuesHoweverLayersAreSearched() {
        assertThat(search(Scope.NONE)).isEqualTo(AffineQuantizer.symmetric(12.0 / 7, BITS.unsigned()));
    }

    @Test
    void attentionWithASearchClips() {
        assertThat(search(Scope.TENSOR).high()).isLessThan(12);
        assertThat(search(Scope.OUTPUT)).isEqualTo(search(Scope.TENSOR));
    }
}
