package org.vitrail.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.vitrail.tensor.Tensor;

class ActivationStatisticsTest {
    private static Tensor gaussian(int rows, int channels, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[rows * channels];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.of(new int[] {1, rows, channels}, values);
    }

    @Test
    void statisticsOfPartsMergeIntoThoseOfTheWhole() {
        Tensor first = gaussian(7, 3, 1);
        Tensor second = gaussian(5, 3, 2);
        float[] both = new float[36];
        System.arraycopy(first.values(), 0, both, 0, 21);
        System.arraycopy(second.values(), 0, both, 21, 15);
        ActivationStatistics whole = ActivationStatistics.of(
                Tensor.of(new int[] {12, 3}, both), 3, 12, TokenWeights.EVEN, new SplittableRandom(1));
        ActivationStatistics merged = ActivationStatistics.empty(3);
        merged.add(ActivationStatistics.of(first, 3, 7, TokenWeights.EVEN, new SplittableRandom(1)));
        merged.add(ActivationStatistics.of(second, 3, 5, TokenWeights.EVEN, new SplittableRandom(1)));
        assertThat(merged.rows()).isEqualTo(12);
        assertThat(merged.sample().values()).containsExactly(whole.sample().values());
        for (int c = 0; c < 3; c++) {
            assertThat(merged.peak(c)).isEqualTo(whole.peak(c));
            assertThat(merged.mean(c)).isCloseTo(whole.mean(c), within(1e-9));
        }
        for (int i = 0; i < 9; i++) {
            assertThat(merged.gram()[i]).isCloseTo(whole.gram()[i], within(1e-4f));
        }
    }

    @Test
    void theSampleIsWholeRowsInTheirOrder() {
        ActivationStatistics statistics =
                ActivationStatistics.of(gaussian(100, 4, 3), 4, 10, TokenWeights.EVEN, new SplittableRandom(9));
        float[] sample = statistics.sample().values();
        assertThat(statistics.sample().rows()).isEqualTo(10);
        float[] values = gaussian(100, 4, 3).values();
        int row = 0;
        for (int kept = 0; kept < 10; kept++) {
            while (values[row * 4] != sample[kept * 4]) {
                row++;
            }
            assertThat(sample[kept * 4 + 3]).isEqualTo(values[row * 4 + 3]);
        }
    }

    @Test
    void refusesToMergeValuesOfAnotherWidth() {
        assertThatThrownBy(() -> ActivationStatistics.empty(3).add(ActivationStatistics.empty(4)))
                .hasMessageContaining("3 channels cannot take 4");
    }
}
