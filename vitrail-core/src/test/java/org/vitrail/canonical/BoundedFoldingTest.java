package org.vitrail.canonical;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;
import org.vitrail.tensor.Limits;
import org.vitrail.testing.TestEngines;

/** Tests that constant folding takes memory and time in proportion to the file, whatever numbers the file holds. */
@Timeout(60)
class BoundedFoldingTest {
    private static final ConstantEvaluator ENGINE = new EngineEvaluator(TestEngines.PROVIDER);

    private final Map<String, Weight> weights = new LinkedHashMap<>();

    @Test
    void leavesConstantsInTheGraphThatWouldBeFarLargerThanTheFile() {
        weights.put("side", Weight.ofLongs(new int[] {2}, 60_000, 30_000));
        weights.put("one", Weight.ofFloats(new int[] {1, 1}, 1));
        Graph folded = fold(
                node("ConstantOfShape", "a", "side"),
                node("Erf", "b", "a"),
                node("Tile", "c", "one", "side"),
                node("Expand", "d", "one", "side"),
                node("Cos", "e", "d"),
                node("Sum", "y", "x", "b", "c", "e"));

        assertThat(folded.nodes().stream().map(Node::op)).contains("ConstantOfShape", "Tile", "Cos");
        assertBounded(folded);
    }

    @Test
    void leavesDoublingChainsInTheGraph() {
        weights.put("x0", Weight.ofFloats(new int[] {64}, new float[64]));
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            nodes.add(Node.of(
                    "Concat", List.of("x" + i, "x" + i), List.of("x" + (i + 1)), Map.of("axis", Attribute.of(0))));
        }
        nodes.add(node("Add", "y", "x", "x30"));

        assertBounded(fold(nodes.toArray(Node[]::new)));
    }

    @Test
    void boundsTheSumOfManyConstants() {
        weights.put("side", Weight.ofLongs(new int[] {1}, Limits.MAX_FOLDED_ELEMENTS));
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            nodes.add(node("ConstantOfShape", "c" + i, "side"));
            nodes.add(node("Add", i == 999 ? "y" : "s" + i, i == 0 ? "x" : "s" + (i - 1), "c" + i));
        }

        assertBounded(fold(nodes.toArray(Node[]::new)));
    }

    @Test
    void neverRunsALoop() {
        weights.put("trips", Weight.ofLongs(new int[0], 1L << 62));
        weights.put("go", Weight.ofBytes(DataType.BOOL, new int[0], (byte) 1));
        weights.put("start", Weight.scalar(1));
        Graph body = new Graph(
                "body",
                List.of(
                        ValueInfo.of("i", DataType.INT64, List.of()),
                        ValueInfo.of("in", DataType.BOOL, List.of()),
                        ValueInfo.of("state", DataType.FLOAT, List.of())),
                List.of(ValueInfo.named("out"), ValueInfo.named("next")),
                List.of(node("Identity", "out", "in"), node("Neg", "next", "state")),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                UninterpretedProto.NONE);
        Graph folded = fold(
                Node.of(
                        "Loop",
                        List.of("trips", "go", "start"),
                        List.of("end"),
                        Map.of("body", new Attribute.Subgraph(body))),
                node("Add", "y", "x", "end"));

        assertThat(folded.nodes().stream().map(Node::op)).contains("Loop");
    }

    @Test
    void removesALongChainOfIdentitiesInOnePass() {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < 30_000; i++) {
            nodes.add(node("Identity", "x" + i, i == 0 ? "x" : "x" + (i - 1)));
        }
        nodes.add(node("Relu", "y", "x29999"));

        assertThat(fold(nodes.toArray(Node[]::new)).nodes()).containsExactly(node("Relu", "y", "x"));
    }

    @Test
    void makesNoTensorOfMoreAxesThanAreAllowed() {
        weights.put("w", Weight.scalar(1));
        weights.put("axes", Weight.ofLongs(new int[] {100_000}, new long[100_000]));
        Graph folded = fold(
                node("Unsqueeze", "a", "w", "axes"),
                node("ReduceSum", "b", "a"),
                node("Reshape", "c", "w", "axes"),
                node("Sum", "y", "x", "b", "c"));

        assertThat(folded.weights().values()).allMatch(weight -> weight.rank() <= Limits.MAX_RANK);
    }

    private static void assertBounded(Graph folded) {
        long elements =
                folded.weights().values().stream().mapToLong(Weight::count).sum();
        assertThat(elements).isLessThanOrEqualTo(6 * Limits.MAX_FOLDED_TOTAL);
        assertThat(folded.weights().values()).allMatch(weight -> weight.count() <= Limits.MAX_FOLDED_ELEMENTS);
    }

    private Graph fold(Node... nodes) {
        Graph graph = new Graph(
                "hostile",
                List.of(ValueInfo.of("x", DataType.FLOAT, List.of(new Dim.Symbol("batch"), Dim.of(1)))),
                List.of(ValueInfo.named("y")),
                List.of(nodes),
                weights,
                Map.of(),
                Map.of("", 17),
                Map.of(),
                UninterpretedProto.NONE);
        return ConstantFolding.fold(graph, ENGINE);
    }

    private static Node node(String op, String output, String... inputs) {
        return Node.of(op, List.of(inputs), output);
    }
}
