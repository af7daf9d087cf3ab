package org.vitrail.canonical;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;
import org.vitrail.testing.Graphs;
import org.vitrail.testing.SameOutputs;

class BatchNormFoldingTest {
    private static final int CHANNELS = 5;

    private final Map<String, Weight> weights = new LinkedHashMap<>();

    private String constant(String name, int... shape) {
        weights.put(name, Weight.ofFloats(shape, SameOutputs.gaussian(shape).values()));
        return name;
    }

    private Node conv(String output) {
        return Node.of("Conv", List.of("x", constant("kernel", CHANNELS, 3, 2, 2), constant("bias", CHANNELS)), output);
    }

    private void assertFolds(Node... nodes) {
        Graph graph = Graphs.of(17, weights, nodes);
        Graph folded = BatchNormFolding.rewrite(graph);

        assertThat(folded.nodes().stream().map(Node::op)).containsExactly("Conv");
        SameOutputs.check(graph, folded, SameOutputs.gaussian(2, 3, 6, 7));
    }

    @Test
    void takesInBatchNormalization() {
        weights.put("variance", Weight.ofFloats(new int[] {CHANNELS}, 0.1f, 0.5f, 1, 2, 3));
        assertFolds(
                conv("c"),
                Node.of(
                        "BatchNormalization",
                        List.of(
                                "c",
                                constant("g", CHANNELS),
                                constant("b", CHANNELS),
                                constant("m", CHANNELS),
                                "variance"),
                        "y"));
    }

    @Test
    void takesInFrozenOnesOfEveryShapeInTheirOrder() {
        assertFolds(
                conv("c"),
                Node.of("Mul", List.of(constant("a", 1, CHANNELS, 1, 1), "c"), "scaled"),
                Node.of("Sub", List.of("scaled", constant("mean", CHANNELS, 1, 1)), "centred"),
                Node.of("Div", List.of("centred", constant("deviation", 1, CHANNELS, 1, 1)), "normal"),
                Node.of("Add", List.of("normal", constant("one")), "y"));
    }

    @Test
    void takesInWhatStandsBehindAConvolutionWithoutBias() {
        assertFolds(
                Node.of("Conv", List.of("x", constant("kernel", CHANNELS, 3, 1, 1)), "c"),
                Node.of("Add", List.of("c", constant("shift", 1, CHANNELS, 1, 1)), "y"));
    }

    @Test
    void leavesConvolutionsThatCannotBeForTheEngineToRefuse() {
        for (int[] kernel : List.of(new int[0], new int[] {CHANNELS}, new int[] {0, 3, 1, 1})) {
            for (int biases : List.of(0, CHANNELS, CHANNELS + 1)) {
                weights.clear();
                List<String> inputs = List.of("x", constant("kernel", kernel), constant("bias", biases));
                Graph graph = Graphs.of(
                        17, weights, Node.of("Conv", inputs, "c"), Node.of("Add", List.of("c", constant("one")), "y"));
                assertThat(BatchNormFolding.rewrite(graph)).isEqualTo(graph);
            }
        }
        Graph graph = Graphs.of(
                17,
                weights,
                Node.of("Conv", List.of("x", constant("kernel", CHANNELS, 3, 1, 1), constant("bias", 2)), "c"),
                Node.of("Add", List.of("c", constant("one")), "y"));
        assertThat(BatchNormFolding.rewrite(graph)).isEqualTo(graph);
    }

    @Test
    void leavesWhatIsReadTwiceOrDiffersFromPlaceToPlace() {
        List<Node> shared = new ArrayList<>(List.of(
                conv("c"),
                Node.of("Mul", List.of("c", constant("a", 1, CHANNELS, 1, 1)), "scaled"),
                Node.of("Add", List.of("c", "scaled"), "y")));
        Graph twice = Graphs.of(17, weights, shared.toArray(Node[]::new));
        assertThat(BatchNormFolding.rewrite(twice)).isEqualTo(twice);

        Graph positions =
                Graphs.of(17, weights, conv("c"), Node.of("Add", List.of("c", constant("p", 1, CHANNELS, 5, 6)), "y"));
        assertThat(BatchNormFolding.rewrite(positions)).isEqualTo(positions);

        Graph reversed =
                Graphs.of(17, weights, conv("c"), Node.of("Sub", List.of(constant("s", 1, CHANNELS, 1, 1), "c"), "y"));
        assertThat(BatchNormFolding.rewrite(reversed)).isEqualTo(reversed);
    }
}
