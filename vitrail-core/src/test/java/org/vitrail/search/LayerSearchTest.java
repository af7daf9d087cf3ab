package org.vitrail.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.capture.ActivationStatistics;
import org.vitrail.capture.TokenWeights;
import org.vitrail.quantizer.AffineQuantizer;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.quantizer.Granularity;
import org.vitrail.quantizer.LayerInputQuantizer;
import org.vitrail.quantizer.RoundToNearest;
import org.vitrail.tensor.Tensor;

class LayerSearchTest {
    private static final int ROWS = 60;
    private static final int INPUTS = 12;
    private static final int OUTPUTS = 9;
    private static final float[] ONES = new float[ROWS];

    static {
        Arrays.fill(ONES, 1);
    }

    private final SplittableRandom random = new SplittableRandom(5);
    private final float[] x = gaussian(ROWS * INPUTS);
    private final float[] w = gaussian(INPUTS * OUTPUTS);

    private float[] gaussian(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private ActivationStatistics statistics() {
        return ActivationStatistics.of(
                0, Tensor.of(new int[] {ROWS, INPUTS}, x), INPUTS, ROWS, TokenWeights.EVEN, new SplittableRandom(1));
    }

    private LayerQuantizers search(SearchConfig config, int bits) {
        BitWidth width = new BitWidth(bits);
        return new LayerSearch(config, width, width, statistics(), List.of(w), List.of()).run();
    }

    @Test
    void weightCandidatesAreJudgedFromGramMatricesAsByTheProductItself() {
        LayerOutputs layer = new LayerOutputs(x, ONES, new int[] {ROWS}, w, INPUTS, OUTPUTS);
        LayerInputQuantizer input = LayerInputQuantizer.of(AffineQuantizer.ofRange(-2, 2, new BitWidth(4).unsigned()));
        float[] quantized = RoundToNearest.nearestSafe(w, INPUTS, OUTPUTS, new float[] {0.4f}, new BitWidth(4))
                .dequantize();
        Moments direct = layer.ofInput(input, quantized).getFirst();
        Moments byGram = Moments.NONE;
        int[] groupEnds = {2, 3, OUTPUTS};
        for (Moments column : layer.weights(input, groupEnds).apply(quantized)[0]) {
            byGram = byGram.plus(column);
        }
        for (Similarity similarity : Similarity.values()) {
            assertThat(similarity.score(byGram))
                    .isCloseTo(similarity.score(direct), within(1e-5 * Math.abs(similarity.score(direct))));
        }
    }

    @Test
    void inputCandidatesAreJudgedFromGramMatricesAsByTheProductItself() {
        int wide = 2 * INPUTS;
        float[] weights = gaussian(INPUTS * wide);
        float[] rowWeights = ONES.clone();
        Arrays.fill(rowWeights, 0, ROWS / 2, 2.5f);
        int[] images = {ROWS / 3, ROWS};
        LayerOutputs layer = new LayerOutputs(x, rowWeights, images, weights, INPUTS, wide);
        float[] quantized = RoundToNearest.nearestSafe(weights, INPUTS, wide, new float[] {0.4f}, new BitWidth(4))
                .dequantize();
        LayerInputQuantizer input = LayerInputQuantizer.of(AffineQuantizer.ofRange(-2, 2, new BitWidth(4).unsigned()));
        List<Moments> direct = layer.ofInput(input, quantized);
        List<Moments> byGram = layer.inputs(quantized).apply(input);
        for (int image = 0; image < images.length; image++) {
            assertThat(byGram.get(image).count()).isEqualTo(direct.get(image).count());
            for (Similarity similarity : Similarity.values()) {
                double expected = similarity.score(direct.get(image));
                assertThat(similarity.score(byGram.get(image))).isCloseTo(expected, within(1e-5 * Math.abs(expected)));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Similarity.class)
    void similaritiesAgreeWithTheirDefinitions(Similarity similarity) {
        float[] other = x.clone();
        for (int i = 0; i < other.length; i++) {
            other[i] += 0.1f * (float) random.nextGaussian() + 0.05f;
        }
        boolean centred = similarity == Similarity.PEARSON;
        double meanX = centred ? mean(x) : 0;
        double meanOther = centred ? mean(other) : 0;
        double xy = 0;
        double xx = 0;
        double yy = 0;
        double error = 0;
        for (int i = 0; i < x.length; i++) {
            xy += (x[i] - meanX) * (other[i] - meanOther);
            xx += Math.pow(x[i] - meanX, 2);
            yy += Math.pow(other[i] - meanOther, 2);
            error += Math.pow(x[i] - other[i], 2);
        }
        double expected = similarity == Similarity.SQUARED_ERROR ? -error : xy / Math.sqrt(xx * yy);
        assertThat(similarity.score(Moments.of(x, other))).isCloseTo(expected, within(1e-6));
    }

    private static float[] concat(float[] first, float[] second) {
        float[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6, 8})
    void thePapersSearchFindsWhatTheExhaustiveGridFinds(int bits) {
        SearchConfig config = SearchConfig.paper();
        LayerQuantizers found = search(config, bits);
        float peakX = 0;
        float peakW = 0;
        for (float value : x) {
            peakX = Math.max(peakX, Math.abs(value));
        }
        for (float value : w) {
            peakW = Math.max(peakW, Math.abs(value));
        }
        BitWidth width = new BitWidth(bits);
        int highest = width.symmetric().highest();
        LayerOutputs layer = new LayerOutputs(x, ONES, new int[] {ROWS}, w, INPUTS, OUTPUTS);
        double best = -1;
        for (int i = 0; i < config.weights().candidates().count(); i++) {
            float scale =
                    (float) (peakW / highest * config.weights().candidates().factor(i));
            float[] weights = RoundToNearest.nearestSafe(w, INPUTS, OUTPUTS, new float[] {scale}, width)
                    .dequantize();
            for (int j = 0; j < config.activations().candidates().count(); j++) {
                AffineQuantizer input = AffineQuantizer.symmetric(
                        peakX / highest * config.activations().candidates().factor(j), width.unsigned());
                best = Math.max(
                        best,
                        Similarity.PEARSON.score(layer.ofInput(LayerInputQuantizer.of(input), weights)
                                .getFirst()));
            }
        }
        // The alternating search may stop at a neighbour of the two-dimensional optimum: within a twentieth of its
        // loss.
        assertThat(1 - found.score()).isLessThanOrEqualTo((1 - best) * 1.05);
    }

    @Test
    void perChannelSearchIsNoWorseThanPerTensor() {
        SearchConfig perTensor = SearchConfig.defaults()
                .withWeights(SearchConfig.defaults().weights().withGranularity(Granularity.PER_TENSOR));
        assertThat(search(SearchConfig.defaults(), 4).score())
                .isGreaterThan(search(perTensor, 4).score());
    }

    @Test
    void aMassiveChannelGetsItsOwnQuantizerAndKeepsItsWeights() {
        for (int row = 0; row < ROWS; row++) {
            x[row * INPUTS + 3] = row == 7 ? 300 : 0.1f;
        }
        List<Integer> massive = MassiveChannels.find(statistics());
        assertThat(massive).containsExactly(3);
        BitWidth eight = new BitWidth(8);
        LayerQuantizers found =
                new LayerSearch(SearchConfig.defaults(), eight, eight, statistics(), List.of(w), massive).run();
        assertThat(found.input().isMassive(3)).isTrue();
        assertThat(found.input().main().high()).isLessThan(5);
        // Its own quantizer errs by at most half a step of 300 / 255; clipped to 5 it would err by 295.
        float[] quantized = found.input().apply(x, INPUTS);
        assertThat(quantized[7 * INPUTS + 3]).isCloseTo(300, within(1f));
    }

    @Test
    void layersThatShareTheirInputAreSearchedAsOneAndSplitAgain() {
        float[] first = new float[INPUTS * 4];
        float[] second = new float[INPUTS * 5];
        for (int k = 0; k < INPUTS; k++) {
            System.arraycopy(w, k * OUTPUTS, first, k * 4, 4);
            System.arraycopy(w, k * OUTPUTS + 4, second, k * 5, 5);
        }
        BitWidth width = new BitWidth(5);
        LayerQuantizers whole = search(SearchConfig.defaults(), 5);
        LayerQuantizers parts = new LayerSearch(
                        SearchConfig.defaults(), width, width, statistics(), List.of(first, second), List.of())
                .run();
        assertThat(parts.input()).isEqualTo(whole.input());
        assertThat(concat(parts.scales().get(0), parts.scales().get(1)))
                .containsExactly(whole.scales().getFirst());
    }

    @Test
    void ordinaryValuesHaveNoMassiveChannels() {
        assertThat(MassiveChannels.find(statistics())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10, 36, 100})
    void coarseToFineFindsTheBestOfASmoothObjective(int count) {
        Candidates candidates = new Candidates(0.5, 1.2, count);
        for (int peak = 0; peak < count; peak++) {
            int target = peak;
            assertThat(candidates.best(i -> -Math.pow(i - target, 2))).isEqualTo(peak);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 36, 100})
    void aSearchThatIsAskedAgainFollowsThePeakWithFewerLooks(int count) {
        for (int peak = 0; peak < count; peak++) {
            CandidateSearch search = CandidateSearch.following(new Candidates(0.5, 1.2, count, 3));
            int first = peak;
            best(search, false, i -> -Math.pow(i - first, 2));
            for (int moved : new int[] {Math.max(0, peak - 9), Math.min(count - 1, peak + 7)}) {
                Set<Integer> looks = new HashSet<>();
                int found = best(search, true, i -> {
                    looks.add(i);
                    return -Math.pow(i - moved, 2);
                });
                assertThat(found).isEqualTo(moved);
                assertThat(looks).hasSizeLessThan(count);
            }
        }
    }

    @Test
    void onceNothingMovesASearchSeesThatAnotherPeakIsHigherNow() {
        IntToDoubleFunction leftIsHigher =
                i -> Math.max(1 - Math.pow((i - 20) / 9.0, 2), 0.9 - Math.pow((i - 70) / 9.0, 2));
        IntToDoubleFunction rightIsHigher =
                i -> Math.max(0.9 - Math.pow((i - 20) / 9.0, 2), 1 - Math.pow((i - 70) / 9.0, 2));
        CandidateSearch search = CandidateSearch.following(Candidates.PAPER);
        assertThat(best(search, false, leftIsHigher)).isEqualTo(20);
        best(search, true, rightIsHigher);
        assertThat(best(search, false, rightIsHigher)).isEqualTo(70);
    }

    @Test
    void aSearchThatLooksEverywhereSeesItAtOnce() {
        CandidateSearch search = CandidateSearch.everywhere(Candidates.PAPER);
        assertThat(best(search, false, i -> -Math.abs(i - 20))).isEqualTo(20);
        assertThat(best(search, true, i -> -Math.abs(i - 70))).isEqualTo(70);
    }

    @Test
    void aSearchThatIsAskedTwiceForTheSameScoresLooksOnce() {
        CandidateSearch search = CandidateSearch.following(Candidates.PAPER);
        best(search, false, i -> -Math.abs(i - 20));
        assertThat(best(search, false, i -> {
                    throw new AssertionError("candidate " + i + " is known already");
                }))
                .isEqualTo(20);
    }

    private static int best(CandidateSearch search, boolean moved, IntToDoubleFunction score) {
        return search.best(1, moved, choice -> new double[] {score.applyAsDouble(choice[0])})[0];
    }
}
