package org.vitrail.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.block.LinearLayer;
import org.vitrail.block.Recognition;
import org.vitrail.canonical.ConstantFolding;
import org.vitrail.canonical.EngineEvaluator;
import org.vitrail.engine.ExampleSource;
import org.vitrail.graph.Graph;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.tensor.Tensor;
import org.vitrail.testing.Shared;
import org.vitrail.testing.TestEngines;

@Tag("shared")
class TokenSensitivityTest {
    private static final String INPUT = "pixel_values";

    private static Recognition recognition(String name) {
        Graph graph = OnnxFile.read(Shared.path("models/onnx/small/" + name + ".onnx"));
        return Recognition.of(ConstantFolding.fold(graph, new EngineEvaluator(TestEngines.PROVIDER)));
    }

    private static ExampleSource noise() {
        return new ExampleSource() {
            @Override
            public int size() {
                return 3;
            }

            @Override
            public Map<String, Tensor> get(int index) {
                SplittableRandom random = new SplittableRandom(index);
                float[] pixels = new float[3 * 64 * 64];
                for (int i = 0; i < pixels.length; i++) {
                    pixels[i] = (float) random.nextGaussian();
                }
                return Map.of(INPUT, Tensor.of(new int[] {1, 3, 64, 64}, pixels));
            }
        };
    }

    /** Returns the token weights of the results of all linear layers that have tokens. */
    private static Map<LinearLayer, TokenWeights> measure(String name, int threads) {
        Recognition recognition = recognition(name);
        List<String> results = recognition.layers().stream()
                .filter(LinearLayer::isRowProduct)
                .map(LinearLayer::result)
                .toList();
        Map<String, TokenWeights> weights =
                TokenSensitivity.measure(recognition.graph(), results, noise(), TestEngines.context(threads));
        Map<LinearLayer, TokenWeights> byLayer = new LinkedHashMap<>();
        recognition.layers().stream()
                .filter(layer -> weights.containsKey(layer.result()))
                .forEach(layer -> byLayer.put(layer, weights.get(layer.result())));
        return byLayer;
    }

    @ParameterizedTest
    @ValueSource(strings = {"timm-vit/torchscript", "timm-vit/dynamo", "hf-vit/torchscript"})
    void theClassTokenIsAllThatCountsAtTheEndOfAModelThatReadsItAlone(String name) {
        Map<LinearLayer, TokenWeights> weights = measure(name, 2);
        assertThat(weights).hasSizeGreaterThan(6);
        LinearLayer last = weights.keySet().stream()
                .filter(layer -> layer.role() == LinearLayer.Role.MLP_CONTRACT)
                .reduce((earlier, later) -> later)
                .orElseThrow();
        assertThat(weights.get(last).special()).containsExactly(Map.entry(0, 100f));
        assertThat(weights.get(last).tokens()).isGreaterThan(3);
        // The token behind it is an ordinary one everywhere.
        assertThat(weights.values())
                .allSatisfy(of -> assertThat(of.special().keySet()).isSubsetOf(0));
    }

    @Test
    void bothTokensThatADistilledModelReadsCount() {
        Map<LinearLayer, TokenWeights> weights = measure("timm-deit-distilled/torchscript", 2);
        LinearLayer last = weights.keySet().stream()
                .filter(layer -> layer.role() == LinearLayer.Role.MLP_CONTRACT)
                .reduce((earlier, later) -> later)
                .orElseThrow();
        assertThat(weights.get(last).special()).containsOnlyKeys(0, 1);
    }

    @Test
    void allTokensCountTheSameInAModelThatAveragesThem() {
        Map<LinearLayer, TokenWeights> weights = measure("timm-vit-gap/torchscript", 2);
        assertThat(weights).hasSizeGreaterThan(6);
        assertThat(weights.values()).allSatisfy(of -> assertThat(of.special()).isEmpty());
    }

    @Test
    void measuresTheSameOnAnyNumberOfThreads() {
        assertThat(List.copyOf(measure("timm-vit/torchscript", 1).values()))
                .isEqualTo(List.copyOf(measure("timm-vit/torchscript", 3).values()));
    }

    @Test
    void weightsApplyOnlyToExamplesOfTheSameNumberOfTokens() {
        TokenWeights weights = new TokenWeights(5, Map.of(0, 30f));
        assertThat(weights.of(0, 5)).isEqualTo(30);
        assertThat(weights.of(1, 5)).isEqualTo(1);
        assertThat(weights.of(0, 6)).isEqualTo(1);
        assertThat(TokenWeights.EVEN.of(0, 0)).isEqualTo(1);
    }
}
