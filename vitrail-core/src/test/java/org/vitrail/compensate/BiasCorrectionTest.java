package org.vitrail.compensate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.vitrail.quantizer.AffineQuantizer;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.quantizer.LayerInputQuantizer;
import org.vitrail.quantizer.RoundToNearest;

class BiasCorrectionTest {
    private static final int ROWS = 40;
    private static final int INPUTS = 9;
    private static final int OUTPUTS = 6;

    private final SplittableRandom random = new SplittableRandom(8);

    private float[] gaussian(int count, double mean) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() + mean);
        }
        return values;
    }

    @Test
    void isTheWeightedMeanOfTheOutputErrorRowByRow() {
        float[] x = gaussian(ROWS * INPUTS, 0.5);
        float[] w = gaussian(INPUTS * OUTPUTS, 0.2);
        float[] rowWeights = new float[ROWS];
        for (int row = 0; row < ROWS; row++) {
            rowWeights[row] = row % 7 == 0 ? 12.5f : 1;
        }
        BitWidth four = new BitWidth(4);
        LayerInputQuantizer input = new LayerInputQuantizer(
                AffineQuantizer.ofRange(-1, 2, four.unsigned()),
                Optional.of(
                        new LayerInputQuantizer.Massive(List.of(2), AffineQuantizer.ofRange(-4, 4, four.unsigned()))));
        float[] quantized = RoundToNearest.nearestSafe(w, INPUTS, OUTPUTS, new float[] {0.3f}, four)
                .dequantize();

        float[] correction = BiasCorrection.meanError(x, rowWeights, INPUTS, input, w, quantized);

        float[] xq = input.apply(x, INPUTS);
        assertThat(correction).hasSize(OUTPUTS);
        for (int n = 0; n < OUTPUTS; n++) {
            double error = 0;
            double total = 0;
            for (int row = 0; row < ROWS; row++) {
                total += rowWeights[row];
                for (int k = 0; k < INPUTS; k++) {
                    int i = row * INPUTS + k;
                    double before = (double) x[i] * w[k * OUTPUTS + n];
                    double after = (double) xq[i] * quantized[k * OUTPUTS + n];
                    error += rowWeights[row] * (after - before);
                }
            }
            assertThat((double) correction[n]).isCloseTo(error / total, within(1e-5));
        }
    }

    @Test
    void thereIsNothingToCorrectWhereNothingIsLost() {
        float[] x = {1, 2, 3, 0};
        float[] w = {1, -1};
        LayerInputQuantizer exact = LayerInputQuantizer.of(new AffineQuantizer(1, 0, new BitWidth(4).unsigned()));
        assertThat(BiasCorrection.meanError(x, new float[] {1, 1}, 2, exact, w, w))
                .containsOnly(0f);
    }

    @Test
    void aMassiveRowCountsLessWhereRowsCountEvenly() {
        float[] x = {1, 0, 0, 1, 30, 0};
        float[] even = BiasCorrection.evenly(x, new float[] {2, 1, 1}, 2);
        double mean = (1 + 1 + 900) / 3.0;
        assertThat((double) even[0]).isCloseTo(2 / (1 + 1 / mean), within(1e-6));
        assertThat((double) even[1]).isCloseTo(1 / (1 + 1 / mean), within(1e-6));
        assertThat((double) even[2]).isCloseTo(1 / (1 + 900 / mean), within(1e-6));
        assertThat(BiasCorrection.evenly(new float[4], new float[] {1, 3}, 2)).containsExactly(1, 3);
    }
}
