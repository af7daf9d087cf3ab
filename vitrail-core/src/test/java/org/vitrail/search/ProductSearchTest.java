package org.vitrail.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.vitrail.quantizer.Symmetry.SYMMETRIC;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrail.block.Attention;
import org.vitrail.block.Recognition;
import org.vitrail.capture.CaptureSettings;
import org.vitrail.capture.Inputs;
import org.vitrail.capture.ProductCapture;
import org.vitrail.capture.ProductRequest;
import org.vitrail.capture.ProductSample;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.pipeline.Quantization;
import org.vitrail.quantizer.AffineQuantizer;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.tensor.Tensor;
import org.vitrail.testing.Fixture;
import org.vitrail.work.Progress;

/** On the attention of the real DeiT-Tiny: its queries, keys, probabilities and values on real pictures. */
@Tag("shared")
class ProductSearchTest {
    private static final SearchConfig PAPER = SearchConfig.paper();
    private static final CaptureSettings SETTINGS =
            CaptureSettings.defaults().withThreads(2).withSampleRows(256);
    private static List<ProductSample> samples;

    /** Q·Kᵀ and P·V of the fourth block. */
    private static synchronized ProductSample sample(boolean scores) {
        if (samples == null) {
            Fixture fixture = Fixture.real().getFirst();
            Recognition recognition = Quantization.recognise(OnnxFile.read(fixture.model()), fixture.name());
            Attention attention = recognition.attentions().get(3);
            samples = new ArrayList<>();
            new ProductCapture(recognition.graph(), inputs(recognition, fixture), SETTINGS)
                    .run(
                            List.of(
                                    request(
                                            attention
                                                    .scores()
                                                    .orElseThrow()
                                                    .node()
                                                    .inputs(),
                                            attention.softmaxInput()),
                                    request(attention.output().node().inputs(), null)),
                            Progress.none(),
                            found -> samples.addAll(found.values()));
        }
        return samples.get(scores ? 0 : 1);
    }

    private static ProductRequest request(List<String> operands, String softmaxInput) {
        return new ProductRequest(operands.get(0), operands.get(1), Optional.ofNullable(softmaxInput), false);
    }

    private static Inputs inputs(Recognition recognition, Fixture fixture) {
        return new Inputs() {
            @Override
            public int size() {
                return fixture.input().extent(0);
            }

            @Override
            public Map<String, Tensor> get(int index) {
                return Map.of(
                        recognition.graph().inputNames().getFirst(),
                        fixture.input().item(index).reshape(1, 3, 224, 224));
            }
        };
    }

    /** Every candidate of one operand, the first of the best. */
    private static AffineQuantizer bestOfAll(
            ProductSample.Extremes extremes, BitWidth bits, ToDoubleFunction<AffineQuantizer> objective) {
        double peak = 0;
        for (int head = 0; head < extremes.least().length; head++) {
            peak = Math.max(peak, Math.max(-extremes.least()[head], extremes.most()[head]));
        }
        AffineQuantizer best = null;
        double bestScore = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < PAPER.activationCandidates().count(); i++) {
            double scale = peak
                    * PAPER.activationCandidates().factor(i)
                    / bits.symmetric().highest();
            AffineQuantizer quantizer = AffineQuantizer.symmetric(scale, bits.unsigned());
            double score = objective.applyAsDouble(quantizer);
            if (score > bestScore) {
                bestScore = score;
                best = quantizer;
            }
        }
        return best;
    }

    @ParameterizedTest
    @CsvSource({"true, 8", "true, 6", "true, 4", "false, 8", "false, 6", "false, 4"})
    void coarseToFineFindsWhatTheExhaustiveGridFinds(boolean scores, int width) {
        BitWidth bits = new BitWidth(width);
        ProductSample sample = sample(scores);
        ProductSearch search = new ProductSearch(PAPER, sample, 2);
        ProductQuantizers found = search.perLayer(bits);

        AffineQuantizer left = null;
        AffineQuantizer right = new Interval(min(sample.right()), max(sample.right())).quantizer(bits, SYMMETRIC);
        for (int round = 0; round < PAPER.rounds(); round++) {
            AffineQuantizer fixed = right;
            AffineQuantizer newLeft = bestOfAll(sample.left(), bits, q -> search.objective(q, fixed, 0, 1));
            AffineQuantizer newRight = bestOfAll(sample.right(), bits, q -> search.objective(newLeft, q, 0, 1));
            boolean settled = newLeft.equals(left) && newRight.equals(right);
            left = newLeft;
            right = newRight;
            if (settled) {
                break;
            }
        }
        assertThat(found.ranked()).isEqualTo(scores);
        double best = search.objective(left, right, 0, 1);
        assertThat(found.score()).isCloseTo(best, within(1e-6));
    }

    private static double min(ProductSample.Extremes extremes) {
        double least = 0;
        for (float value : extremes.least()) {
            least = Math.min(least, value);
        }
        return least;
    }

    private static double max(ProductSample.Extremes extremes) {
        double most = 0;
        for (float value : extremes.most()) {
            most = Math.max(most, value);
        }
        return most;
    }

    @Test
    void theResultDoesNotDependOnTheNumberOfThreads() {
        ProductQuantizers one = new ProductSearch(PAPER, sample(true), 1).perLayer(new BitWidth(6));
        ProductQuantizers three = new ProductSearch(PAPER, sample(true), 3).perLayer(new BitWidth(6));
        assertThat(one).isEqualTo(three);
    }
}
