package org.vitrail.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrail.block.Attention;
import org.vitrail.block.LinearLayer;
import org.vitrail.block.Recognition;
import org.vitrail.capture.ActivationStatistics;
import org.vitrail.capture.Capture;
import org.vitrail.capture.ProductCapture;
import org.vitrail.capture.ProductRequest;
import org.vitrail.capture.ProductSample;
import org.vitrail.engine.ExampleSource;
import org.vitrail.engine.RunContext;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.pipeline.Quantization;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.tensor.Tensor;
import org.vitrail.testing.Fixture;
import org.vitrail.testing.TestEngines;

/** Tests the search on DeiT-Tiny's attention: its queries, keys, probabilities and values on real images. */
@Tag("shared")
class ProductSearchTest {
    private static final SearchConfig PAPER = SearchConfig.paper();
    private static final int SAMPLE_ROWS = 256;
    private static final RunContext CONTEXT = TestEngines.context(2);
    /** As many peaks as candidates: all are looked at. */
    private static final Candidates EVERY_ONE = new Candidates(0.5, 1.2, 100, 100);

    private static final SearchConfig EXHAUSTIVE = PAPER.withWeights(
                    PAPER.weights().withCandidates(EVERY_ONE))
            .withActivations(PAPER.activations().withCandidates(EVERY_ONE));

    private static List<ProductSample> samples;

    /** Q·Kᵀ and P·V of the fourth block. */
    private static synchronized ProductSample sample(boolean scores) {
        if (samples == null) {
            Fixture fixture = Fixture.real().getFirst();
            Recognition recognition =
                    Quantization.recognise(OnnxFile.read(fixture.model()), fixture.name(), TestEngines.PROVIDER);
            Attention attention = recognition.attentions().get(3);
            samples = new ArrayList<>();
            new ProductCapture(recognition.graph(), inputs(recognition, fixture), SAMPLE_ROWS, CONTEXT)
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
                            found -> samples.addAll(found.values()));
        }
        return samples.get(scores ? 0 : 1);
    }

    private static ProductRequest request(List<String> operands, String softmaxInput) {
        return new ProductRequest(operands.get(0), operands.get(1), Optional.ofNullable(softmaxInput), false);
    }

    private static ExampleSource inputs(Recognition recognition, Fixture fixture) {
        return new ExampleSource() {
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

    @ParameterizedTest
    @CsvSource({"true, 8", "true, 6", "true, 4", "false, 8", "false, 6", "false, 4"})
    void coarseToFineFindsWhatTheExhaustiveGridFinds(boolean scores, int width) {
        BitWidth bits = new BitWidth(width);
        ProductSample sample = sample(scores);
        ProductSearch search = new ProductSearch(PAPER, sample, 2);
        ProductQuantizers found = search.perLayer(bits);

        ProductQuantizers wanted = new ProductSearch(EXHAUSTIVE, sample, 2).perLayer(bits);

        assertThat(found.ranked()).isEqualTo(scores);
        assertThat(found.score()).isCloseTo(wanted.score(), within(1e-6));
    }

    @ParameterizedTest
    @CsvSource({"8", "6", "4"})
    void theLayersSearchDoesToo(int width) {
        BitWidth bits = new BitWidth(width);
        Fixture fixture = Fixture.real().getFirst();
        Recognition recognition =
                Quantization.recognise(OnnxFile.read(fixture.model()), fixture.name(), TestEngines.PROVIDER);
        LinearLayer layer =
                recognition.layer(recognition.attentions().get(3).query().getFirst());
        List<ActivationStatistics> statistics = new ArrayList<>();
        new Capture(recognition.graph(), inputs(recognition, fixture), SAMPLE_ROWS, Map.of(), CONTEXT)
                .run(Map.of(layer.input(), layer.inFeatures()), found -> statistics.addAll(found.values()));
        List<float[]> matrices = List.of(layer.matrix(recognition.graph()));

        LayerQuantizers found = new LayerSearch(PAPER, bits, bits, statistics.getFirst(), matrices, List.of()).run();
        LayerQuantizers wanted =
                new LayerSearch(EXHAUSTIVE, bits, bits, statistics.getFirst(), matrices, List.of()).run();

        assertThat(found.score()).isCloseTo(wanted.score(), within(1e-6));
    }

    @Test
    void theResultDoesNotDependOnTheNumberOfThreads() {
        ProductQuantizers one = new ProductSearch(PAPER, sample(true), 1).perLayer(new BitWidth(6));
        ProductQuantizers three = new ProductSearch(PAPER, sample(true), 3).perLayer(new BitWidth(6));
        assertThat(one).isEqualTo(three);
    }
}
