package org.vitrail.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.engine.Engine;
import org.vitrail.graph.Graph;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.task.Logits;
import org.vitrail.tensor.Tensor;
import org.vitrail.testing.Shared;
import org.vitrail.testing.TestEngines;
import org.vitrail.verify.DummyInputs;

@Tag("shared")
class SpelledOutNormsTest {
    @ParameterizedTest
    @ValueSource(strings = {"timm-vit/torchscript", "timm-vit/dynamo", "hf-swin/torchscript", "hf-detr/dynamo"})
    void givesTheSameOutputsWithoutTheOperator(String model) {
        Graph graph = OnnxFile.read(Shared.path("models/onnx/small/" + model + ".onnx"));
        assertThat(graph.nodes()).anyMatch(node -> node.is("LayerNormalization"));
        Graph spelledOut = SpelledOutNorms.rewrite(graph);
        assertThat(spelledOut.nodes()).noneMatch(node -> node.is("LayerNormalization"));

        Map<String, Tensor> inputs = DummyInputs.of(graph, 1);
        try (Engine before = TestEngines.open(graph);
                Engine after = TestEngines.open(spelledOut)) {
            Map<String, Tensor> expected = before.run(inputs);
            after.run(inputs)
                    .forEach((name, value) -> assertThat(Logits.largestDifference(
                                    value.values(), expected.get(name).values()))
                            .isLessThan(1e-5f));
        }
    }
}
