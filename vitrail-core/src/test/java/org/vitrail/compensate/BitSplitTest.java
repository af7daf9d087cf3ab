package org.vitrail.compensate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.linalg.LinearAlgebra;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.quantizer.QuantizedWeight;
import org.vitrail.quantizer.RoundToNearest;
import org.vitrail.quantizer.SaturationRule;

class BitSplitTest {
    private static final int ROWS = 200;
    private static final int INPUTS = 24;
    private static final int OUTPUTS = 10;

    private final SplittableRandom random = new SplittableRandom(3);
    private final float[] weights = gaussian(INPUTS * OUTPUTS);
    private final float[] gram = correlatedGram();

    private float[] gaussian(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Returns the Gram matrix of correlated inputs, as those of real layers are. */
    private float[] correlatedGram() {
        float[] x = gaussian(ROWS * INPUTS);
        for (int row = 0; row < ROWS; row++) {
            float shared = (float) random.nextGaussian();
            for (int k = 0; k < INPUTS; k++) {
                x[row * INPUTS + k] += shared;
            }
        }
        return LinearAlgebra.multiplyTransposed(x, x, ROWS, INPUTS, INPUTS);
    }

    private QuantizedWeight nearest(float[] scales, int bits) {
        return RoundToNearest.nearestSafe(weights, INPUTS, OUTPUTS, scales, new BitWidth(bits));
    }

    /** Returns scales that cover each column, or all columns. */
    private float[] covering(boolean perTensor, int bits) {
        float[] scales = new float[perTensor ? 1 : OUTPUTS];
        for (int i = 0; i < weights.length; i++) {
            int group = perTensor ? 0 : i % OUTPUTS;
            scales[group] = Math.max(
                    scales[group],
                    Math.abs(weights[i]) / new BitWidth(bits).symmetric().highest());
        }
        return scales;
    }

    private double outputError(QuantizedWeight codes) {
        float[] error = codes.dequantize();
        for (int i = 0; i < error.length; i++) {
            error[i] -= weights[i];
        }
        return LinearAlgebra.dot(error, LinearAlgebra.multiply(gram, error, INPUTS, INPUTS, OUTPUTS));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 6})
    void takesAFifthOfTheOutputErrorOfNearestRoundingAway(int bits) {
        QuantizedWeight start = nearest(covering(false, bits), bits);

        QuantizedWeight split = BitSplit.round(weights, gram, start);

        assertThat(outputError(split)).isLessThan(0.8 * outputError(start));
        assertThat(split.bits()).isEqualTo(start.bits());
        for (short code : split.codes()) {
            assertThat(Math.abs(code))
                    .isLessThanOrEqualTo((short) start.bits().symmetric().highest());
        }
    }

    @Test
    void keepsOneScaleWhereOneIsShared() {
        QuantizedWeight start = nearest(covering(true, 4), 4);

        QuantizedWeight split = BitSplit.round(weights, gram, start);

        assertThat(split.scales()).hasSize(1);
        assertThat(outputError(split)).isLessThan(outputError(start));
    }

    @Test
    void leavesAMatrixOnTheGridAsItIs() {
        QuantizedWeight start = nearest(covering(false, 4), 4);

        QuantizedWeight split = BitSplit.round(start.dequantize(), gram, start);

        assertThat(split.codes()).isEqualTo(start.codes());
        for (int n = 0; n < OUTPUTS; n++) {
            assertThat(split.scale(n)).isCloseTo(start.scale(n), within(1e-5f));
        }
    }

    @Test
    void keepsEightBitPairsSafe() {
        QuantizedWeight split = BitSplit.round(weights, gram, nearest(covering(false, 8), 8));

        assertThat(SaturationRule.violations(split.codes(), INPUTS, OUTPUTS)).isZero();
    }

    @Test
    void passesOverChannelsThatNeverVary() {
        float[] silent = gram.clone();
        for (int i = 0; i < INPUTS; i++) {
            silent[i] = 0;
            silent[i * INPUTS] = 0;
        }
        QuantizedWeight start = nearest(covering(false, 4), 4);

        QuantizedWeight split = BitSplit.round(weights, silent, start);

        for (int n = 0; n < OUTPUTS; n++) {
            assertThat(split.codes()[n]).isEqualTo(start.codes()[n]);
        }
    }
}
