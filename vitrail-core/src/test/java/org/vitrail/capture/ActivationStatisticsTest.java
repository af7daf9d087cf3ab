package org.vitrail.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;

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
                0, Tensor.of(new int[] {12, 3}, both), 3, 12, TokenWeights.EVEN, new SplittableRandom(1));
        ActivationStatistics merged = ActivationStatistics.empty(3);
        merged.merge(ActivationStatistics.of(0, first, 3, 7, TokenWeights.EVEN, new SplittableRandom(1)));
        merged.merge(ActivationStatistics.of(1, second, 3, 5, TokenWeights.EVEN, new SplittableRandom(1)));
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
                ActivationStatistics.of(0, gaussian(100, 4, 3), 4, 10, TokenWeights.EVEN, new SplittableRandom(9));
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
        assertThatThrownBy(() -> ActivationStatistics.empty(3).merge(ActivationStatistics.empty(4)))
                .hasMessageContaining("3 channels cannot take 4");
    }

    /** The statistics of examples with these numbers, in a random order, split over a random number of workers. */
    private static ActivationStatistics ofRandomSplit(int examples, long seed, boolean wire) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, examples).boxed().toList());
        if (seed % 2 == 0) {
            Collections.shuffle(order, new Random(seed));
        }
        List<ActivationStatistics> workers = new ArrayList<>();
        int workerCount = 1 + random.nextInt(9);
        IntStream.range(0, workerCount).forEach(i -> workers.add(ActivationStatistics.empty(5)));
        for (int place = 0; place < examples; place++) {
            int example = order.get(place);
            ActivationStatistics one = ActivationStatistics.of(
                    example, gaussian(4, 5, example), 5, 2, TokenWeights.EVEN, new SplittableRandom(example));
            // Contiguous shares for odd seeds, any share for even ones.
            int worker = seed % 2 == 0 ? random.nextInt(workerCount) : place * workerCount / examples;
            workers.get(worker).merge(one);
        }
        ActivationStatistics whole = ActivationStatistics.empty(5);
        Collections.shuffle(workers, new Random(seed));
        for (ActivationStatistics worker : workers) {
            whole.merge(wire ? StatisticsFile.read(new ByteArrayInputStream(bytes(worker)), "worker") : worker);
        }
        return whole;
    }

    private static byte[] bytes(ActivationStatistics statistics) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StatisticsFile.write(statistics, out);
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 31, 32, 33, 64, 100, 129, 200})
    void anySplitAndAnyOrderOfMergingGivesTheSameBytes(int examples) throws IOException {
        ActivationStatistics sequential = ActivationStatistics.empty(5);
        for (int example = 0; example < examples; example++) {
            sequential.merge(ActivationStatistics.of(
                    example, gaussian(4, 5, example), 5, 2, TokenWeights.EVEN, new SplittableRandom(example)));
        }
        byte[] expected = bytes(sequential);
        for (long seed = 0; seed < 20; seed++) {
            ActivationStatistics merged = ofRandomSplit(examples, seed, seed % 3 == 0);
            assertThat(bytes(merged)).as("seed %d", seed).isEqualTo(expected);
            assertThat(merged.gram()).isEqualTo(sequential.gram());
            assertThat(merged.sample().values()).isEqualTo(sequential.sample().values());
            assertThat(merged.mean(2)).isEqualTo(sequential.mean(2));
            assertThat(merged.rows()).isEqualTo(4L * examples);
        }
    }

    @Test
    void aContiguousRangeWaitsInFewPartialSums() {
        assertThat(BlockedSum.mostParts(32)).isEqualTo(1);
        assertThat(BlockedSum.mostParts(128)).isEqualTo(4);
        assertThat(BlockedSum.mostParts(1023)).isEqualTo(7);
        ActivationStatistics statistics = ActivationStatistics.empty(1);
        for (int example = 0; example < 1023; example++) {
            statistics.merge(ActivationStatistics.of(
                    example, gaussian(1, 1, example), 1, 0, TokenWeights.EVEN, new SplittableRandom(1)));
            assertThat(statistics.parts()).hasSizeLessThanOrEqualTo(BlockedSum.mostParts(example + 1));
        }
    }

    @Test
    void refusesAnExampleThatCountsTwice() {
        ActivationStatistics once =
                ActivationStatistics.of(3, gaussian(2, 3, 1), 3, 1, TokenWeights.EVEN, new SplittableRandom(1));
        ActivationStatistics again =
                ActivationStatistics.of(3, gaussian(2, 3, 1), 3, 1, TokenWeights.EVEN, new SplittableRandom(1));
        assertThatThrownBy(() -> once.merge(again)).hasMessageContaining("example 3 has been added already");
    }

    @Test
    void refusesToReadASumWithMissingExamples() {
        ActivationStatistics statistics =
                ActivationStatistics.of(3, gaussian(2, 3, 1), 3, 1, TokenWeights.EVEN, new SplittableRandom(1));
        assertThatThrownBy(statistics::gram).hasMessageContaining("from 0 to 2 are missing");
    }

    @Test
    void refusesStatisticsThatAreCutShortOrOfAnotherVersion() throws IOException {
        byte[] bytes =
                bytes(ActivationStatistics.of(0, gaussian(2, 3, 1), 3, 1, TokenWeights.EVEN, new SplittableRandom(1)));
        byte[] cut = Arrays.copyOf(bytes, bytes.length - 1);
        assertThatThrownBy(() -> StatisticsFile.read(new ByteArrayInputStream(cut), "part-7"))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("part-7 is cut short");
        byte[] newer = bytes.clone();
        newer[7] = 9;
        assertThatThrownBy(() -> StatisticsFile.read(new ByteArrayInputStream(newer), "part-7"))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("version 9");
    }
}
