package org.vitrail.canonical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.vitrail.engine.Engine;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Fixture;
import org.vitrail.testing.Graphs;
import org.vitrail.testing.TestEngines;

class OpsetUpgradeTest {
    private static final Tensor X = Tensor.of(new int[] {2, 4}, new float[] {1, 2, 3, 5, 6, 7, 8, 10});

    static List<Fixture> fixtures() {
        return Stream.of(Fixture.small(), Fixture.compact())
                .flatMap(List::stream)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    @Tag("shared")
    void keepsTheOutputsOfRealExports(Fixture fixture) {
        Graph upgraded = OpsetUpgrade.to(OnnxFile.read(fixture.model()), 21);
        assertThat(upgraded.opset()).isEqualTo(21);
        try (Engine engine = TestEngines.open(upgraded)) {
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
        assertThat(run(upgraded, X).values()).containsExactly(4, 9);
    }

    @Test
    void givesSqueezesSplitsAndSumsOfOldOpsetsTheirListsAsInput() {
        Node split = Node.of(
                "Split",
                List.of("x"),
                List.of("a", "b"),
                Map.of("axis", Attribute.of(1), "split", Attribute.ints(3L, 1L)));
        Node sum = Node.of("ReduceSum", List.of("a"), List.of("c"), Map.of("axes", Attribute.ints(1L)));
        Node squeeze = Node.of("Squeeze", List.of("c"), List.of("d"), Map.of("axes", Attribute.ints(1L)));
        Node unsqueeze = Node.of("Unsqueeze", List.of("d"), List.of("e"), Map.of("axes", Attribute.ints(0L)));
        Node dropout = Node.of("Dropout", List.of("e"), List.of("y"), Map.of("ratio", Attribute.of(0.5f)));
        Graph old = Graphs.of(11, split, sum, squeeze, unsqueeze, dropout);
        for (int opset : new int[] {13, 18, 21}) {
            Tensor y = run(OpsetUpgrade.to(old, opset), X);
            assertThat(y.shape()).containsExactly(1, 2);
            assertThat(y.values()).containsExactly(6, 21);
        }
    }

    @ParameterizedTest
    @CsvSource({"Softmax", "LogSoftmax", "Hardmax"})
    void keepsWhatSoftmaxOfOldOpsetsTakesTogether(String op) {
        for (Map<String, Attribute> axis : List.of(
                Map.<String, Attribute>of(),
                Map.of("axis", Attribute.of(0)),
                Map.of("axis", Attribute.of(1)),
                Map.of("axis", Attribute.of(2)),
                Map.of("axis", Attribute.of(-1)))) {
            Graph old = Graphs.of(12, Node.of(op, List.of("x"), List.of("y"), axis));
            Tensor cube = Tensor.of(new int[] {2, 2, 2}, X.values());
            Tensor expected = run(old, cube);
            Tensor actual = run(OpsetUpgrade.to(old, 13), cube);
            assertThat(actual.shape()).isEqualTo(expected.shape());
            assertThat(actual.values()).containsExactly(expected.values());
        }
    }

    @Test
    void refusesAnOperatorWhoseMeaningChangedAndNamesIt() {
        Graph graph = Graphs.of(17, Node.of("DFT", List.of("x"), "y"));
        assertThatThrownBy(() -> OpsetUpgrade.to(graph, 21))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("DFT");
    }

    private static Tensor run(Graph graph, Tensor x) {
        try (Engine engine = TestEngines.open(graph)) {
            return engine.run(Map.of("x", x)).get("y");
        }
    }

    @Test
    void leavesAGraphThatIsNewEnoughAlone() {
        Graph graph = Graphs.of(21, Node.of("Relu", List.of("x"), "y"));
        assertThat(OpsetUpgrade.to(graph, 21)).isSameAs(graph);
    }
}
