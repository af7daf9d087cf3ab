package org.vitrail.quantizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundToNearestTest {
    private static final BitWidth EIGHT = new BitWidth(8);

    /** Returns whether the saturating 16-bit sum of two products is wrong for activations up to 255. */
    private static boolean saturates(int first, int second) {
        int highest = 255 * Math.max(first, 0) + 255 * Math.max(second, 0);
        int lowest = 255 * Math.min(first, 0) + 255 * Math.min(second, 0);
        return highest > Short.MAX_VALUE || lowest < Short.MIN_VALUE;
    }

    @Test
    void theRuleHoldsExactlyWhereNothingCanSaturate() {
        for (int first = -127; first <= 127; first++) {
            for (int second = -127; second <= 127; second++) {
                assertThat(SaturationRule.holds(first, second)).isEqualTo(!saturates(first, second));
            }
        }
    }

    @Test
    void everyPairIsSafeAndTheNearestSafeOne() {
        SplittableRandom random = new SplittableRandom(3);
        float[] weights = new float[2 * 500];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextDouble(-150, 150);
        }
        QuantizedWeight codes = RoundToNearest.nearestSafe(weights, 2, 500, new float[] {1}, EIGHT);
        assertThat(SaturationRule.violations(codes.codes(), 2, 500)).isZero();
        for (int n = 0; n < 500; n++) {
            double error = error(weights, n, codes.codes()[n], codes.codes()[500 + n]);
            double least = Double.MAX_VALUE;
            for (int a = -127; a <= 127; a++) {
                for (int b = -127; b <= 127; b++) {
                    if (SaturationRule.holds(a, b)) {
                        least = Math.min(least, error(weights, n, a, b));
                    }
                }
            }
            assertThat(error).isCloseTo(least, org.assertj.core.api.Assertions.within(1e-3));
        }
    }

    private static double error(float[] weights, int column, int a, int b) {
        return Math.pow(a - weights[column], 2) + Math.pow(b - weights[500 + column], 2);
    }

    @Test
    void anOddLastRowIsRoundedByItself() {
        QuantizedWeight codes = RoundToNearest.nearestSafe(new float[] {100, 100, 127}, 3, 1, new float[] {1}, EIGHT);
        assertThat(codes.codes()).containsExactly((short) 64, (short) 64, (short) 127);
    }

    @Test
    void dequantizesByTheScaleOfTheColumn() {
        QuantizedWeight codes =
                RoundToNearest.nearestSafe(new float[] {1, 4, -2, 2}, 2, 2, new float[] {1, 2}, new BitWidth(4));
        assertThat(codes.dequantize()).containsExactly(1, 4, -2, 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 6, 8, 10})
    void fakeQuantizationIsWhatTheCodesStandFor(int bits) {
        SplittableRandom random = new SplittableRandom(bits);
        int rows = 33;
        int columns = 50;
        float[] weights = new float[rows * columns];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextGaussian();
        }
        float[] scales = new float[columns];
        for (int n = 0; n < columns; n++) {
            scales[n] = (float) random.nextDouble(0.5, 3) / (1 << (bits - 1));
        }
        BitWidth width = new BitWidth(bits);
        for (float[] some : new float[][] {scales, {scales[0]}}) {
            assertThat(RoundToNearest.fakeQuantize(weights, rows, columns, some, width))
                    .containsExactly(RoundToNearest.nearestSafe(weights, rows, columns, some, width)
                            .dequantize());
        }
    }

    @Test
    void codesAreTheNearestWholeNumbersOnTheGridHalvesToEven() {
        float[] weights = {0.5f, 1.5f, -2.5f, 7.49f, 900, -900, -0.2f, 3e9f};
        QuantizedWeight codes =
                RoundToNearest.nearestSafe(weights, 1, weights.length, new float[] {1}, new BitWidth(4));
        assertThat(codes.codes()).containsExactly(0, 2, -2, 7, 7, -7, 0, 7);
    }
}
