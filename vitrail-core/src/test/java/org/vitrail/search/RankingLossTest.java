package org.vitrail.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RankingLossTest {
    private static final double THETA = 0.2;

    private final SplittableRandom random = new SplittableRandom(7);

    /** The distribution of a row of scores, and the step to which it is rounded. */
    record Row(String what, int width, double spread, double step, double noise, int maskEvery, float mask) {
        @Override
        public String toString() {
            return what;
        }

        private float[] scores(SplittableRandom random) {
            float[] scores = new float[width];
            for (int j = 0; j < width; j++) {
                double score = spread * random.nextGaussian();
                scores[j] = (float) (step > 0 ? step * Math.rint(score / step) : score);
                if (maskEvery > 0 && j % maskEvery == 0) {
                    scores[j] = mask <= -1e4f ? mask : scores[j] + mask;
                }
            }
            return scores;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row("scores as in attention", 197, 1.5, 0, 0.05, 0, 0),
                new Row("scores with nothing kept", 197, 1.5, 0, 3, 0, 0),
                new Row("many ties", 197, 1, 0.5, 0.3, 0, 0),
                new Row("all tied", 50, 0, 0, 0.3, 0, 0),
                new Row("quantized to a constant", 65, 1, 0, 0, 0, 0),
                new Row("masked by minus infinity", 197, 1, 0, 0.2, 3, Float.NEGATIVE_INFINITY),
                new Row("masked by the least float", 100, 1, 0.1, 0.2, 2, -Float.MAX_VALUE),
                new Row("masked by the least float16", 100, 1, 0.1, 0.2, 5, -65504),
                new Row("masked by adding -100", 49, 2, 0, 0.2, 4, -100),
                new Row("masked as a whole", 30, 1, 0, 0.2, 1, -1e9f),
                new Row("more columns than are added up side by side", 600, 1.5, 0, 0.2, 0, 0),
                new Row("two columns", 2, 1, 0, 1, 0, 0),
                new Row("one column", 1, 1, 0, 1, 0, 0));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void equalsTheDoubleLoop(Row kind) {
        RankingLoss loss = new RankingLoss(THETA);
        ConcordanceIndex agreement = new ConcordanceIndex();
        for (int repeat = 0; repeat < 20; repeat++) {
            float[] scores = kind.scores(random);
            float[] quantized = new float[scores.length + 3];
            for (int j = 0; j < scores.length; j++) {
                double moved = scores[j] + kind.noise() * random.nextGaussian();
                quantized[3 + j] = kind.noise() == 0 ? 1 : (float) (0.1 * Math.rint(moved / 0.1));
            }
            RankedScores row = RankedScores.of(scores, 0, scores.length);
            int[] counting = IntStream.range(0, scores.length)
                    .filter(j -> kind.maskEvery() == 0 || j % kind.maskEvery() != 0)
                    .toArray();
            assertThat(row.columns()).containsExactlyInAnyOrder(counting);
            assertThat(loss.of(row, quantized, 3)).isCloseTo(byDoubleLoop(scores, quantized, counting), within(1e-6));
            assertThat(agreement.of(row, quantized, 3))
                    .isEqualTo(Double.valueOf(agreementByDoubleLoop(scores, quantized, counting)));
        }
    }

    /** Rows of different lengths in one batch, because each is masked differently. */
    @ParameterizedTest
    @MethodSource("rows")
    void rowsTogetherEqualTheDoubleLoop(Row kind) {
        int count = 40;
        int width = kind.width();
        RankedScores[] rows = new RankedScores[count];
        float[] quantized = new float[count * width];
        double[] expected = new double[count];
        for (int r = 0; r < count; r++) {
            int maskEvery = kind.maskEvery() > 0 ? kind.maskEvery() : r % 4 == 3 ? 2 + r % 7 : 0;
            float mask = kind.maskEvery() > 0 ? kind.mask() : -1e9f;
            float[] scores =
                    new Row("", width, kind.spread(), kind.step(), kind.noise(), maskEvery, mask).scores(random);
            float[] rounded = new float[3 + width];
            for (int j = 0; j < width; j++) {
                rounded[3 + j] = kind.noise() == 0 ? 1 : scores[j] + (float) (kind.noise() * random.nextGaussian());
            }
            System.arraycopy(rounded, 3, quantized, r * width, width);
            rows[r] = RankedScores.of(scores, 0, width);
            expected[r] = byDoubleLoop(
                    scores,
                    rounded,
                    IntStream.range(0, width)
                            .filter(j -> maskEvery == 0 || j % maskEvery != 0)
                            .toArray());
        }
        assertThat(new RankingLoss(THETA).of(rows, quantized, width)).containsExactly(expected, within(1e-6));
    }

    private static double byDoubleLoop(float[] a, float[] quantized, int[] counting) {
        double sum = 0;
        int pairs = 0;
        for (int x = 0; x < counting.length; x++) {
            for (int y = x + 1; y < counting.length; y++) {
                int i = counting[x];
                int j = counting[y];
                double margin = ((double) quantized[3 + i] - quantized[3 + j]) * Math.signum(a[i] - a[j]);
                sum += Math.max(0, THETA - margin);
                pairs++;
            }
        }
        return pairs == 0 ? 0 : sum / pairs;
    }

    private static double agreementByDoubleLoop(float[] a, float[] quantized, int[] counting) {
        int kept = 0;
        int lost = 0;
        int untied = 0;
        for (int i : counting) {
            for (int j : counting) {
                if (a[i] < a[j]) {
                    untied++;
                    kept += quantized[3 + i] < quantized[3 + j] ? 1 : 0;
                    lost += quantized[3 + i] > quantized[3 + j] ? 1 : 0;
                }
            }
        }
        return 0.5 + 0.5 * (kept - lost) / (double) untied;
    }

    @Test
    void anOrderKeptByTheMarginCostsNothing() {
        float[] scores = {3, 1, 2, 5};
        RankedScores row = RankedScores.of(scores, 0, 4);
        assertThat(new RankingLoss(1).of(row, scores, 0)).isZero();
        assertThat(new ConcordanceIndex().of(row, scores, 0)).isEqualTo(1);
        float[] reversed = {-3, -1, -2, -5};
        assertThat(new ConcordanceIndex().of(row, reversed, 0)).isZero();
    }

    @Test
    void bothZerosAreTied() {
        float[] scores = {0f, -0f, 1};
        assertThat(RankedScores.of(scores, 0, 3).tiedPairs()).isEqualTo(1);
        assertThat(Arrays.stream(RankedScores.of(scores, 0, 3).ties())).containsExactly(0, 2);
    }

    @Test
    void refusesANegativeMargin() {
        assertThatThrownBy(() -> new RankingLoss(-0.1)).hasMessageContaining("zero or more");
        assertThatThrownBy(() -> new RankingLoss(Double.NaN)).hasMessageContaining("zero or more");
    }
}
