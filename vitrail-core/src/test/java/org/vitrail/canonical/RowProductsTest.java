package org.vitrail.canonical;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;
import org.vitrail.testing.Graphs;
import org.vitrail.testing.SameOutputs;

class RowProductsTest {
    private final Map<String, Weight> weights = new LinkedHashMap<>();

    private String constant(String name, int... shape) {
        weights.put(name, Weight.ofFloats(shape, SameOutputs.gaussian(shape).values()));
        return name;
    }

    private void assertRows(Node node, int... shape) {
        Graph graph = graph(node, shape);
        Graph rewritten = RowProducts.rewrite(graph);

        assertThat(rewritten).isNotEqualTo(graph);
        assertThat(rewritten.nodes()).noneMatch(other -> other.is("Gemm"));
        assertThat(rewritten.nodes())
                .filteredOn(other -> other.is("MatMul"))
                .isNotEmpty()
                .allMatch(product -> rewritten.weights().containsKey(product.input(1))
                        && rewritten.weights().get(product.input(1)).rank() == 2);
        SameOutputs.check(graph, rewritten, SameOutputs.gaussian(shape));
    }

    private Graph graph(Node node, int... shape) {
        List<Dim> dims = IntStream.range(0, shape.length)
                .mapToObj(axis -> axis == 0 ? new Dim.Symbol("batch") : Dim.of(shape[axis]))
                .toList();
        return Graphs.of(17, ValueInfo.of("x", DataType.FLOAT, dims), weights, node);
    }

    @Test
    void turnsProductsWhoseMatrixStandsLeft() {
        assertRows(Node.of("MatMul", List.of(constant("w", 5, 4), "x"), "y"), 2, 4, 3);
        assertRows(Node.of("MatMul", List.of(constant("w", 1, 5, 4), "x"), "y"), 2, 3, 4, 6);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 2, 1", "1, 0, 1, 1", "0, 1, 0.5, 3", "1, 1, 2, 0.25"})
    void writesEveryGemmAsAProductAndASum(long turnLeft, long turnRight, float alpha, float beta) {
        Map<String, Attribute> attributes = Map.of(
                "transA",
                Attribute.of(turnLeft),
                "transB",
                Attribute.of(turnRight),
                "alpha",
                new Attribute.FloatValue(alpha),
                "beta",
                new Attribute.FloatValue(beta));
        int[] rows = turnLeft == 1 ? new int[] {4, 3} : new int[] {3, 4};
        String right = turnRight == 1 ? constant("w", 5, 4) : constant("w", 4, 5);
        assertRows(Node.of("Gemm", List.of("x", right, constant("c", 5)), List.of("y"), attributes), rows);
        int[] columns = turnRight == 1 ? new int[] {5, 4} : new int[] {4, 5};
        String left = turnLeft == 1 ? constant("v", 4, 3) : constant("v", 3, 4);
        assertRows(Node.of("Gemm", List.of(left, "x", constant("d", 3, 1)), List.of("y"), attributes), columns);
    }

    @Test
    void takesStacksOfMatricesApart() {
        assertRows(Node.of("MatMul", List.of("x", constant("w", 3, 4, 5)), "y"), 2, 3, 6, 4);
        assertRows(Node.of("MatMul", List.of("x", constant("w", 1, 3, 4, 5)), "y"), 2, 1, 6, 4);
    }

    @Test
    void leavesWhatIsARowProductAlready() {
        Graph product = graph(Node.of("MatMul", List.of("x", constant("w", 4, 5)), "y"), 2, 3, 4);
        assertThat(RowProducts.rewrite(product)).isEqualTo(product);
        Graph gemm = graph(Node.of("Gemm", List.of("x", constant("w", 4, 5), constant("c", 5)), "y"), 3, 4);
        assertThat(RowProducts.rewrite(gemm)).isEqualTo(gemm);
    }

    @Test
    void leavesAGemmOfNoMatrixForTheEngineToRefuse() {
        Map<String, Attribute> turned = Map.of("transA", Attribute.of(1));
        Graph gemm = graph(Node.of("Gemm", List.of("x", constant("w", 2, 4, 5)), List.of("y"), turned), 4, 3);
        assertThat(RowProducts.rewrite(gemm)).isEqualTo(gemm);
    }
}
