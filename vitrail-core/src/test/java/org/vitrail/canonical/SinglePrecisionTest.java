package org.vitrail.canonical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.vitrail.engine.Engine;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.ConstantElements;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.ElementTypeConversion;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.ScratchFile;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.shape.Shapes;
import org.vitrail.tensor.Tensor;
import org.vitrail.testing.Fixture;
import org.vitrail.testing.Graphs;
import org.vitrail.testing.TestEngines;

class SinglePrecisionTest {
    /** Relative tolerance: half precision rounds each weight and value to 11 bits. */
    private static final float RELATIVE = 5e-3f;

    static List<Fixture> fixtures() {
        return Fixture.small();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    @Tag("shared")
    void computesAsTheHalfModelDoes(Fixture fixture) {
        Graph graph = OnnxFile.read(fixture.model());
        if (graph.nodes().stream().anyMatch(node -> node.is("Resize"))) {
            return; // whose scales must stay float32, which this way of making half models does not know
        }
        Graph half = HalfPrecisionModels.of(graph, DataType.FLOAT16);
        Graph single = SinglePrecision.of(half);

        assertThat(single).isNotSameAs(half);
        assertThat(Shapes.infer(single).type(single.nodes().get(1).output())).contains(DataType.FLOAT);
        Map<String, Tensor> expected = run(half, fixture.input());
        Map<String, Tensor> actual = run(single, fixture.input());
        for (int i = 0; i < fixture.outputs().size(); i++) {
            String output = graph.outputNames().get(i);
            float largest = largest(fixture.outputs().get(i));
            assertThat(actual.get(output).values())
                    .containsExactly(fixture.outputs().get(i).values(), within(RELATIVE * largest))
                    .containsExactly(expected.get(output).values(), within(2 * RELATIVE * largest));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16"})
    void keepsTheTypesAtTheEdgesAndComputesInFloatBetween(DataType type) {
        Node scale = Node.of("Mul", List.of("x", "w"), "scaled");
        Node cast = Node.of("Cast", List.of("scaled"), List.of("wide"), Map.of("to", Attribute.of(1)));
        Node sum = Node.of("Add", List.of("wide", "one"), "sum");
        Node back = Node.of("Cast", List.of("sum"), List.of("y"), Map.of("to", Attribute.of(type.onnx())));
        Weight w = ConstantElements.of(type, new int[0], 0.3);
        Graph half = Graphs.of(
                        17,
                        ValueInfo.of("x", type, List.of(Dim.of(2))),
                        Map.of("w", w, "one", Weight.scalar(1)),
                        scale,
                        cast,
                        sum,
                        back)
                .withOutputs(List.of(Graphs.value("y", type)));
        Graph single = SinglePrecision.of(half);

        assertThat(single.inputs()).isEqualTo(half.inputs());
        assertThat(single.outputs()).isEqualTo(half.outputs());
        assertThat(single.weights().get("w").type()).isEqualTo(DataType.FLOAT);
        assertThat(single.weights().get("w").toFloats()).containsExactly(w.toFloats());
        assertThat(ConstantFolding.fold(single).nodes())
                .extracting(Node::op)
                .containsExactly("Cast", "Mul", "Add", "Cast");
        Tensor x = Tensor.of(new int[] {2}, new float[] {1, -2});
        assertThat(run(single, x).get("y").values()).containsExactly(new float[] {1.3f, 0.4f}, within(0.01f));
    }

    @Test
    void reachesIntoSubgraphsAndConstants() {
        Weight half = ConstantElements.of(DataType.FLOAT16, new int[] {1}, 0.5);
        Graph branch = new Graph(
                "branch",
                List.of(),
                List.of(Graphs.value("b", DataType.FLOAT16)),
                List.of(Node.of("Mul", List.of("x", "half"), "b")),
                Map.of("half", half),
                Map.of(),
                Map.of(),
                Map.of(),
                UninterpretedProto.NONE);
        Graph graph = Graphs.of(
                        17,
                        ValueInfo.of("x", DataType.FLOAT16, List.of(Dim.of(2))),
                        Map.of("yes", Weight.ofBytes(DataType.BOOL, new int[] {1}, (byte) 1)),
                        Node.of("Constant", List.of(), List.of("c"), Map.of("value", new Attribute.TensorValue(half))),
                        Node.of(
                                "If",
                                List.of("yes"),
                                List.of("chosen"),
                                Map.of(
                                        "then_branch",
                                        new Attribute.Subgraph(branch),
                                        "else_branch",
                                        new Attribute.Subgraph(branch))),
                        Node.of("Add", List.of("chosen", "c"), "y"))
                .withOutputs(List.of(Graphs.value("y", DataType.FLOAT16)));
        Tensor x = Tensor.of(new int[] {2}, new float[] {1, -2});
        Graph single = SinglePrecision.of(graph);
        assertThat(run(single, x).get("y").values()).containsExactly(1, -0.5f);
        assertThat(Shapes.infer(single).type("c")).contains(DataType.FLOAT);
    }

    @Test
    void leavesAFloatModelAsItIs() {
        Graph graph = Graphs.of(17, Map.of("w", Weight.scalar(1)), Node.of("Mul", List.of("x", "w"), "y"));
        assertThat(SinglePrecision.of(graph)).isSameAs(graph);
        Graph half = HalfPrecisionModels.of(graph, DataType.FLOAT16);
        assertThat(ElementTypeConversion.convert(half, Set.of(DataType.BFLOAT16), DataType.FLOAT))
                .isSameAs(half);
    }

    @Test
    void keepsLargeWeightsInAFileWithTheSameBytes() {
        Weight weight = Weight.ofFloats(new int[] {1000}, new float[1000]);
        Weight kept = ScratchFile.kept(weight, 4000);
        assertThat(kept.bytes().isDirect()).isTrue();
        assertThat(kept).isEqualTo(weight);
        assertThat(ScratchFile.kept(weight, 4001)).isSameAs(weight);
    }

    private static float largest(Tensor tensor) {
        float largest = 0;
        for (float value : tensor.values()) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static Map<String, Tensor> run(Graph graph, Tensor input) {
        try (Engine engine = TestEngines.open(graph)) {
            return engine.run(Map.of(graph.inputNames().getFirst(), input));
        }
    }
}
