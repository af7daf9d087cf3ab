package org.vitrail.canonical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrail.engine.Engine;
import org.vitrail.engine.EngineOptions;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.shape.Shapes;
import org.vitrail.tensor.Tensor;
import org.vitrail.testing.Fixture;
import org.vitrail.testing.TestEngines;

class ConstantFoldingTest {
    private static final ValueInfo TOKENS =
            ValueInfo.of("x", DataType.FLOAT, List.of(new Dim.Symbol("batch"), Dim.of(197), Dim.of(192)));

    private final Map<String, Weight> weights = new LinkedHashMap<>();

    @Test
    void givesAReshapeAConstantTargetWithTheBatchFree() {
        Graph folded = ConstantFolding.fold(graph(
                node("Shape", "shape", "x"),
                node("Slice", "batches", "shape", longs(0), longs(1)),
                node("Concat", "target", Map.of("axis", Attribute.of(0)), "batches", longs(197, 3, 64)),
                node("Reshape", "y", "x", "target")));

        assertThat(folded.nodes()).hasSize(1);
        assertThat(folded.weights().get(folded.nodes().getFirst().input(1)))
                .isEqualTo(Weight.ofLongs(new int[] {4}, -1, 197, 3, 64));
    }

    @Test
    void keepsTheSecondFreeExtentByZero() {
        ValueInfo sequences = ValueInfo.of(
                "x", DataType.FLOAT, List.of(new Dim.Symbol("batch"), new Dim.Symbol("tokens"), Dim.of(192)));
        Graph folded = ConstantFolding.fold(graph(
                List.of(sequences),
                node("Shape", "shape", "x"),
                node("Slice", "front", "shape", longs(0), longs(2)),
                node("Concat", "target", Map.of("axis", Attribute.of(0)), "front", longs(3, 64)),
                node("Reshape", "y", "x", "target")));

        assertThat(folded.nodes()).hasSize(1);
        assertThat(folded.weights().get(folded.nodes().getFirst().input(1)))
                .isEqualTo(Weight.ofLongs(new int[] {4}, 0, 0, 3, 64));
    }

    @Test
    void computesTheBatchOnceFromTheInputWhereItIsNeeded() {
        String token = weight(Weight.ofFloats(new int[] {1, 1, 192}, new float[192]));
        Graph folded = ConstantFolding.fold(graph(
                node("Relu", "r", "x"),
                node("Shape", "shape", "r"),
                node("Gather", "batch", "shape", weight(Weight.ofLongs(new int[0], 0))),
                node("Unsqueeze", "batches", "batch", longs(0)),
                node("Concat", "wanted", Map.of("axis", Attribute.of(0)), "batches", longs(-1, -1)),
                node("Equal", "open", "wanted", longs(-1)),
                node("Where", "target", "open", longs(1), "wanted"),
                node("Expand", "tokens", token, "target"),
                node("Concat", "y", Map.of("axis", Attribute.of(1)), "tokens", "r")));

        assertThat(folded.nodes().stream().map(Node::op))
                .containsExactlyInAnyOrder("Relu", "Shape", "Gather", "Concat", "Expand", "Concat");
        assertThat(Shapes.infer(folded).of("y")).contains(List.of(new Dim.Symbol("batch"), Dim.of(198), Dim.of(192)));
    }

    @Test
    void turnsConstantArithmeticAndMovedWeightsIntoWeights() {
        String matrix = weight(Weight.ofFloats(new int[] {2, 3}, 1, 2, 3, 4, 5, 6));
        Graph folded = ConstantFolding.fold(graph(
                node("Transpose", "turned", matrix),
                node("Cast", "same", Map.of("to", Attribute.of(DataType.FLOAT.onnx())), "turned"),
                node("Mul", "scaled", "same", weight(Weight.scalar(0.5f))),
                node("Unsqueeze", "y", "scaled", longs(0)),
                node("Add", "z", "x", "y")));

        assertThat(folded.nodes().stream().map(Node::op)).containsExactly("Add");
        assertThat(folded.weights())
                .containsEntry("y", Weight.ofFloats(new int[] {1, 3, 2}, 0.5f, 2, 1, 2.5f, 1.5f, 3));
    }

    @Test
    void removesNodesThatChangeNothing() {
        Graph folded = ConstantFolding.fold(graph(
                node("Identity", "a", "x"),
                node("Cast", "b", Map.of("to", Attribute.of(DataType.FLOAT.onnx())), "a"),
                node("Slice", "c", "b", longs(0), longs(Long.MAX_VALUE), longs(1)),
                node("Pad", "d", "c", longs(0, 0, 0, 0, 0, 0)),
                node("Transpose", "e", Map.of("perm", Attribute.ints(0L, 1L, 2L)), "d"),
                node("Relu", "y", "e"),
                node("Identity", "z", "y")));

        assertThat(folded.nodes()).containsExactly(node("Relu", "y", "x"), node("Identity", "z", "y"));
    }

    @Test
    void leavesAlonePadsThatShiftAndSlicesThatReverse() {
        Graph graph = graph(
                node("Pad", "a", "x", longs(0, 1, 0, 0, -1, 0)),
                node("Slice", "y", "a", longs(-1), longs(Long.MIN_VALUE), longs(1), longs(-1)));

        assertThat(ConstantFolding.fold(graph)).isEqualTo(graph);
    }

    @Test
    void dropsAMaskThatHidesNothing() {
        String seen = weight(Weight.ofBytes(DataType.BOOL, new int[] {1, 1, 1}, (byte) 1));
        String zero = weight(Weight.scalar(0));
        String hidden = weight(Weight.scalar(Float.NEGATIVE_INFINITY));
        Graph folded = ConstantFolding.fold(graph(
                node("Shape", "shape", "x"),
                node("Expand", "seen", seen, "shape"),
                node("Where", "mask", "seen", zero, hidden),
                node("Add", "scores", "x", "mask"),
                node("Softmax", "y", "scores")));

        assertThat(folded.nodes()).containsExactly(node("Softmax", "y", "x"));
    }

    @Test
    void keepsAnExpandThatGivesTheOutputItsExtents() {
        String token = weight(Weight.ofFloats(new int[] {1, 1, 192}, new float[192]));
        Graph folded = ConstantFolding.fold(graph(
                node("Shape", "shape", "x"),
                node("Expand", "tokens", token, "shape"),
                node("Add", "y", "tokens", weight(Weight.scalar(1)))));

        assertThat(Shapes.infer(folded).of("y")).isEqualTo(TOKENS.shape());
        assertThat(folded.nodes().getLast().op()).isEqualTo("Expand");
    }

    @Test
    void asksTheEvaluatorOnlyForConstantsThatItHasNoRuleFor() {
        String matrix = weight(Weight.ofFloats(new int[] {2}, 1, 2));
        Graph graph = graph(
                node("Neg", "a", matrix),
                node("Erf", "b", "a"),
                node("Tanh", "c", "b"),
                node("Neg", "d", "c"),
                node("Add", "y", "x", "d"));
        Graph folded = ConstantFolding.fold(graph, part -> {
            assertThat(part.inputs()).isEmpty();
            assertThat(part.outputNames()).containsExactly("d");
            assertThat(part.nodes().stream().map(Node::op)).containsExactly("Erf", "Tanh", "Neg");
            return Map.of("d", Weight.ofFloats(new int[] {2}, 5, 6));
        });

        assertThat(folded.nodes()).containsExactly(node("Add", "y", "x", "d"));
        assertThat(folded.weights().keySet()).containsExactly("d");
        assertThat(ConstantFolding.fold(graph).nodes()).hasSize(4);
    }

    @Test
    void leavesDequantizedWeightsInFewBits() {
        String codes = weight(Weight.ofBytes(DataType.INT8, new int[] {192}, new byte[192]));
        Graph graph =
                graph(node("DequantizeLinear", "w", codes, weight(Weight.scalar(0.1f))), node("Add", "y", "x", "w"));

        assertThat(ConstantFolding.fold(graph, part -> {
                    throw new AssertionError("asked to evaluate " + part.nodes());
                }))
                .isEqualTo(graph);
    }

    private Graph graph(Node... nodes) {
        return graph(List.of(TOKENS), nodes);
    }

    /** Returns a graph whose output is the last node's. */
    private Graph graph(List<ValueInfo> inputs, Node... nodes) {
        String output = nodes[nodes.length - 1].output();
        return new Graph(
                "test",
                inputs,
                List.of(ValueInfo.named(output)),
                List.of(nodes),
                weights,
                Map.of(),
                Map.of("", 17),
                Map.of(),
                UninterpretedProto.NONE);
    }

    private static Node node(String op, String output, String... inputs) {
        return node(op, output, Map.of(), inputs);
    }

    private static Node node(String op, String output, Map<String, Attribute> attributes, String... inputs) {
        return Node.of(op, List.of(inputs), List.of(output), attributes);
    }

    private String longs(long... values) {
        return weight(Weight.ofLongs(new int[] {values.length}, values));
    }

    private String weight(Weight weight) {
        String name = "weight" + weights.size();
        weights.put(name, weight);
        return name;
    }

    @TempDir
    Path folder;

    @Test
    @Tag("shared")
    void foldsModelsWhoseWeightsLieInAFileBesideThem() {
        Fixture fixture = Fixture.small().getFirst();
        Graph graph = OnnxFile.read(fixture.model());
        Path file = folder.resolve("m.onnx");
        OnnxFile.write(graph, file, 1000);
        Graph reread = OnnxFile.read(file);
        assertThat(reread.weights()).isEqualTo(graph.weights());
        Path again = folder.resolve("again.onnx");
        OnnxFile.write(ConstantFolding.fold(reread, new EngineEvaluator(TestEngines.PROVIDER)), again, 1000);
        try (Engine engine = TestEngines.open(again, EngineOptions.defaults())) {
            Tensor output = engine.run(Map.of(engine.inputs().getFirst(), fixture.input()))
                    .get(engine.outputs().getFirst());
            assertThat(output.values())
                    .containsExactly(fixture.outputs().getFirst().values(), within(1e-4f));
        }
    }
}
