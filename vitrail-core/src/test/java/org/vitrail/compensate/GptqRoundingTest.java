package org.vitrail.compensate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.linalg.LinearAlgebra;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.quantizer.QuantizedWeight;
import org.vitrail.quantizer.RoundToNearest;
import org.vitrail.quantizer.SaturationRule;

class GptqRoundingTest {
    private static final int ROWS = 200;
    private static final int INPUTS = 25;
    private static final int OUTPUTS = 10;

    private final SplittableRandom random = new SplittableRandom(3);
    private final float[] x = correlated();
    private final float[] w = gaussian(INPUTS * OUTPUTS);

    private float[] gaussian(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Returns rows that mix a few common factors, as activations do. */
    private float[] correlated() {
        int causes = 5;
        float[] rows = LinearAlgebra.multiply(gaussian(ROWS * causes), gaussian(causes * INPUTS), ROWS, causes, INPUTS);
        float[] own = gaussian(rows.length);
        for (int i = 0; i < rows.length; i++) {
            rows[i] += 0.2f * own[i];
        }
        return rows;
    }

    private float[] gram() {
        return LinearAlgebra.multiplyTransposed(x, x, ROWS, INPUTS, INPUTS);
    }

    private QuantizedWeight nearest(int bits) {
        BitWidth width = new BitWidth(bits);
        float[] scales = new float[OUTPUTS];
        Arrays.fill(scales, 2.5f / width.symmetric().highest());
        return RoundToNearest.nearestSafe(w, INPUTS, OUTPUTS, scales, width);
    }

    /** Returns ‖X(W − Ŵ)‖². */
    private double outputError(QuantizedWeight codes) {
        float[] quantized = codes.dequantize();
        float[] difference = new float[w.length];
        for (int i = 0; i < w.length; i++) {
            difference[i] = w[i] - quantized[i];
        }
        float[] error = LinearAlgebra.multiply(x, difference, ROWS, INPUTS, OUTPUTS);
        return LinearAlgebra.dot(error, error);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 6, 8, 10})
    void outputsChangeLessThanByRoundingToNearest(int bits) {
        QuantizedWeight nearest = nearest(bits);
        QuantizedWeight compensated = new GptqRounding(gram(), INPUTS, ROWS).round(w, nearest);
        assertThat(outputError(compensated)).isLessThan(0.7 * outputError(nearest));
        assertThat(compensated.scales()).isEqualTo(nearest.scales());
        assertThat(compensated.bits()).isEqualTo(nearest.bits());
        int highest = nearest.bits().symmetric().highest();
        for (short code : compensated.codes()) {
            assertThat((int) code).isBetween(-highest, highest);
        }
    }

    @Test
    void eightBitCodesKeepThePairRuleWhereRoundingToNearestWouldBreakIt() {
        // Scales so small that the saturation rule changes every second pair.
        BitWidth eight = new BitWidth(8);
        float[] scales = new float[OUTPUTS];
        Arrays.fill(scales, 0.7f / 127);
        QuantizedWeight nearest = RoundToNearest.nearestSafe(w, INPUTS, OUTPUTS, scales, eight);
        QuantizedWeight compensated = new GptqRounding(gram(), INPUTS, ROWS).round(w, nearest);
        assertThat(SaturationRule.violations(compensated.codes(), INPUTS, OUTPUTS))
                .isZero();
        assertThat(outputError(compensated)).isLessThanOrEqualTo(outputError(nearest));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8, 10})
    void unrelatedInputsHaveNothingToPassOn(int bits) {
        float[] identity = new float[INPUTS * INPUTS];
        for (int k = 0; k < INPUTS; k++) {
            identity[k * INPUTS + k] = 1;
        }
        QuantizedWeight nearest = nearest(bits);
        assertThat(new GptqRounding(identity, INPUTS, ROWS).round(w, nearest).codes())
                .isEqualTo(nearest.codes());
    }

    @Test
    void inputsThatNeverVaryAreRoundedToNearest() {
        QuantizedWeight nearest = nearest(8);
        assertThat(new GptqRounding(new float[INPUTS * INPUTS], INPUTS, ROWS)
                        .round(w, nearest)
                        .codes())
                .isEqualTo(nearest.codes());
    }

    @Test
    void rowsOfZerosStayZero() {
        // The integer product's weights of massive channels are zero: these channels have a separate float product.
        Arrays.fill(w, 4 * OUTPUTS, 5 * OUTPUTS, 0f);
        for (int row = 0; row < ROWS; row++) {
            x[row * INPUTS + 4] *= 100;
        }
        QuantizedWeight compensated = new GptqRounding(gram(), INPUTS, ROWS).round(w, nearest(8));
        short[] row = Arrays.copyOfRange(compensated.codes(), 4 * OUTPUTS, 5 * OUTPUTS);
        assertThat(row).containsOnly((short) 0);
    }

    @Test
    void leavesTheWeightsItWasGivenAsTheyAre() {
        float[] before = w.clone();
        new GptqRounding(gram(), INPUTS, ROWS).round(w, nearest(4));
        assertThat(w).isEqualTo(before);
    }
}
