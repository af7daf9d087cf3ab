package org.vitrail.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.graph.Graph;
import org.vitrail.runtime.EngineOptions;
import org.vitrail.runtime.OrtEngine;
import org.vitrail.tensor.Tensor;
import org.vitrail.testing.Shared;

@Tag("shared")
class CheckpointImportTest {
    @ParameterizedTest
    @ValueSource(strings = {"deit-tiny-in1k/deit_tiny_patch16_224", "vit-tiny-in1k/vit_tiny_patch16_224"})
    void givesTheReferenceLogitsOfTimmCheckpoints(String model) {
        Path file = Shared.path("models/" + model + ".safetensors");
        Imported imported = CheckpointImport.read(file, ImportOptions.defaults());
        assertThat(imported.model().heads()).isEqualTo(3);
        assertThat(imported.model().parameterCount()).isEqualTo(5_717_416);
        float[] logits =
                run(imported.graph(), Shared.floats(file.resolveSibling("ref_input_4x3x224x224.f32")), 4, 3, 224, 224);
        assertClose(logits, Shared.floats(file.resolveSibling("ref_logits_4x1000.f32")), 1e-3f);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hf-vit", "hf-deit-distilled"})
    void givesTheOutputsOfHuggingFaceCheckpoints(String model) {
        Path folder = Shared.path("models/small-checkpoints/" + model);
        Imported imported = CheckpointImport.read(folder, ImportOptions.defaults());
        assertThat(imported.model().style().epsilon()).isEqualTo(1e-12);
        assertThat(imported.classNames()).hasSize(10).startsWith("LABEL_0", "LABEL_1");
        assertThat(imported.preprocessorConfig())
                .hasValueSatisfying(text -> assertThat(text).contains("image_mean"));
        float[] logits = run(imported.graph(), Shared.floats(folder.resolve("input.f32")), 2, 3, 64, 64);
        assertClose(logits, Shared.floats(folder.resolve("output.f32")), 1e-4f);
    }

    private static float[] run(Graph graph, float[] pixels, int... shape) {
        try (OrtEngine engine = OrtEngine.open(graph, EngineOptions.defaults())) {
            return engine.run(Map.of("pixel_values", Tensor.of(shape, pixels)))
                    .get("logits")
                    .values();
        }
    }

    private static void assertClose(float[] actual, float[] expected, float tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        float largest = 0;
        for (int i = 0; i < actual.length; i++) {
            largest = Math.max(largest, Math.abs(actual[i] - expected[i]));
        }
        assertThat(largest).isLessThan(tolerance);
    }
}
