package org.vitrail.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrail.engine.Engine;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Weight;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.TestEngines;

class PublishedArchitectureTest {
    /** Published sizes from timm's model cards. */
    @ParameterizedTest
    @CsvSource({
        "deit-tiny, 5717416",
        "deit-small, 22050664",
        "deit-base, 86567656",
        "deit-base-384, 86859496",
        "deit-tiny-distilled, 5910800",
        "deit-base-distilled, 87338192",
        "deit3-small, 22059496",
        "vit-tiny, 5717416",
        "vit-large, 304326632",
        "vit-huge, 632045800"
    })
    void hasAsManyParametersAsThePublishedModel(String name, long parameters) {
        assertThat(PublishedArchitecture.parse(name).parameterCount()).isEqualTo(parameters);
    }

    @Test
    void makesARandomModelThatRuns() {
        VisionTransformerConfig model = PublishedArchitecture.parse("deit-small");
        Graph graph = CheckpointImport.random("deit-small", model, 1).graph();
        assertThat(graph.weights().values().stream()
                        .filter(weight -> weight.isFloating() && weight.rank() > 0)
                        .mapToLong(Weight::count)
                        .sum())
                .isEqualTo(model.parameterCount());
        float[] logits = run(graph, 2);
        assertThat(logits).hasSize(2000);
        double squares = 0;
        for (float logit : logits) {
            squares += logit * logit;
        }
        assertThat(Math.sqrt(squares / logits.length)).isBetween(0.05, 5.0);
    }

    private static float[] run(Graph graph, int batch) {
        float[] pixels = new float[batch * 3 * 224 * 224];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) Math.sin(0.01 * i);
        }
        try (Engine engine = TestEngines.open(graph)) {
            return engine.run(Map.of("pixel_values", Tensor.of(new int[] {batch, 3, 224, 224}, pixels)))
                    .get("logits")
                    .values();
        }
    }

    @Test
    void givesTheSameWeightsForTheSameSeedAndOthersForAnother() {
        VisionTransformerConfig model = PublishedArchitecture.parse("deit-tiny");
        Graph first = CheckpointImport.random("deit-tiny", model, 1).graph();
        Graph again = CheckpointImport.random("deit-tiny", model, 1).graph();
        Graph other = CheckpointImport.random("deit-tiny", model, 2).graph();
        assertThat(again).isEqualTo(first);
        assertThat(other.weights().get("head.weight"))
                .isNotEqualTo(first.weights().get("head.weight"));
    }

    @Test
    void drawsNearlyNormalValuesWithinBounds() {
        float[] values = new RandomParameters(7).values("head.weight", java.util.List.of(100, 1000));
        double sum = 0;
        double squares = 0;
        for (float value : values) {
            assertThat(Math.abs(value)).isLessThan(0.0694f);
            sum += value;
            squares += value * value;
        }
        assertThat(sum / values.length).isBetween(-0.0003, 0.0003);
        assertThat(Math.sqrt(squares / values.length)).isBetween(0.0198, 0.0202);
    }

    @Test
    void refusesAnUnknownNameAndASizeThatPatchesCannotFill() {
        assertThatThrownBy(() -> PublishedArchitecture.parse("deit-giant"))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("\"deit-giant\"")
                .hasMessageContaining("deit-tiny, deit-small, ");
        assertThatThrownBy(() -> PublishedArchitecture.parse("deit-base-225"))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("225 pixels per side cannot be divided into patches of 16");
    }
}
