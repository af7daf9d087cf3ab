package org.vitrail.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.OpsetUpgrade;
import org.vitrail.runtime.EngineOptions;
import org.vitrail.runtime.OrtEngine;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Fixture;
import org.vitrail.testing.Graphs;

class OpsetUpgradeTest {
    static List<Fixture> fixtures() {
        return Fixture.small();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    @Tag("shared")
    void keepsTheOutputsOfRealExports(Fixture fixture) {
        Graph upgraded = OpsetUpgrade.to(OnnxFile.read(fixture.model()), 21);
        assertThat(upgraded.opset()).isEqualTo(21);
        try (OrtEngine engine = OrtEngine.open(upgraded, EngineOptions.defaults())) {
            Map<String, Tensor> outputs = engine.run(Map.of(engine.inputs().getFirst(), fixture.input()));
            for (int i = 0; i < fixture.outputs().size(); i++) {
                assertThat(outputs.get(engine.outputs().get(i)).values())
                        .containsExactly(fixture.outputs().get(i).values(), within(1e-4f));
            }
        }
    }

    @Test
    void givesReductionsTheirAxesAsInputAndSplitsTheirNumber() {
        Node split = Node.of("Split", List.of("x"), List.of("a", "b"), Map.of("axis", Attribute.of(-1)));
        Node mean = Node.of(
                "ReduceMean",
                List.of("b"),
                List.of("y"),
                Map.of("axes", Attribute.ints(-1L), "keepdims", Attribute.of(0)));
        Graph upgraded = OpsetUpgrade.to(Graphs.of(13, split, mean), 21);
        assertThat(upgraded.nodes().getFirst().intAttribute("num_outputs", 0)).isEqualTo(2);
        assertThat(upgraded.nodes().getLast().attributes()).containsOnlyKeys("keepdims");
        try (OrtEngine engine = OrtEngine.open(upgraded, EngineOptions.defaults())) {
            Tensor x = Tensor.of(new int[] {2, 4}, new float[] {1, 2, 3, 5, 6, 7, 8, 10});
            assertThat(engine.run(Map.of("x", x)).get("y").values()).containsExactly(4, 9);
        }
    }

    @Test
    void refusesAnOperatorWhoseMeaningChangedAndNamesIt() {
        Graph graph = Graphs.of(17, Node.of("DFT", List.of("x"), "y"));
        assertThatThrownBy(() -> OpsetUpgrade.to(graph, 21))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("DFT");
    }

    @Test
    void leavesAGraphThatIsNewEnoughAlone() {
        Graph graph = Graphs.of(21, Node.of("Relu", List.of("x"), "y"));
        assertThat(OpsetUpgrade.to(graph, 21)).isSameAs(graph);
    }
}
