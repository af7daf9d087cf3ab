package org.vitrail.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;
import org.vitrail.testing.Graphs;
import org.vitrail.testing.SameOutputs;

class EarlyQuantizersTest {
    private final Map<String, Weight> weights = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    private String ints(long... values) {
        String name = "i" + weights.size();
        weights.put(name, Weight.ofLongs(new int[] {values.length}, values));
        return name;
    }

    private void slice(String value, long from, String output) {
        nodes.add(Node.of("Slice", List.of(value, ints(from), ints(Long.MAX_VALUE), ints(1), ints(2)), output));
    }

    /** Returns padded rows, each concatenated with its neighbour, and a quantizer behind them. */
    private Graph neighbours(boolean clipped) {
        weights.put("scale", Weight.scalar(0.05f));
        weights.put(
                "zero",
                Weight.ofBytes(DataType.UINT8, new int[] {1}, (byte) 100).reshape());
        weights.put("low", Weight.scalar(-1f));
        weights.put("high", Weight.scalar(1.5f));
        nodes.add(Node.of("Pad", List.of("x", ints(0, 1, 0, 1)), "padded"));
        slice("padded", 0, "even");
        slice("padded", 1, "odd");
        nodes.add(Node.of("Concat", List.of("even", "odd"), List.of("pairs"), Map.of("axis", Attribute.of(0L))));
        if (clipped) {
            nodes.add(Node.of("Clip", List.of("pairs", "low", "high"), "inside"));
        }
        nodes.add(Node.of("QuantizeLinear", List.of(clipped ? "inside" : "pairs", "scale", "zero"), "codes"));
        nodes.add(Node.of("DequantizeLinear", List.of("codes", "scale", "zero"), "y"));
        return Graphs.of(17, weights, nodes.toArray(Node[]::new));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void quantizesOnceWhatIsCopiedOftenToTheSameCodes(boolean clipped) {
        Graph graph = neighbours(clipped);
        Graph early = EarlyQuantizers.rewrite(graph);

        assertThat(early.nodes().stream().map(Node::op).filter(op -> !op.equals("Clip")))
                .containsExactly("QuantizeLinear", "Pad", "Slice", "Slice", "Concat", "DequantizeLinear");
        SameOutputs.check(graph, early, SameOutputs.gaussian(3, 8), 0);
    }

    @Test
    @Timeout(20)
    void looksAtWhatIsCopiedAgainAndAgainOnce() {
        weights.put("scale", Weight.scalar(0.05f));
        weights.put(
                "zero",
                Weight.ofBytes(DataType.UINT8, new int[] {1}, (byte) 100).reshape());
        String value = "x";
        for (int i = 0; i < 40; i++) {
            String twice = "twice" + i;
            nodes.add(Node.of("Concat", List.of(value, value), List.of(twice), Map.of("axis", Attribute.of(0L))));
            value = "half" + i;
            slice(twice, 0, value);
        }
        nodes.add(Node.of("Concat", List.of(value, value), List.of("pairs"), Map.of("axis", Attribute.of(0L))));
        nodes.add(Node.of("QuantizeLinear", List.of("pairs", "scale", "zero"), "codes"));
        nodes.add(Node.of("DequantizeLinear", List.of("codes", "scale", "zero"), "y"));
        Graph early = EarlyQuantizers.rewrite(Graphs.of(17, weights, nodes.toArray(Node[]::new)));

        assertThat(early.nodes()).hasSameSizeAs(nodes);
        assertThat(early.nodes().getFirst().op()).isEqualTo("QuantizeLinear");
    }

    @Test
    void leavesQuantizersBehindPartsOfDifferentValues() {
        weights.put("other", Weight.ofFloats(new int[] {1, 8}, new float[8]));
        weights.put("scale", Weight.scalar(0.05f));
        weights.put(
                "zero",
                Weight.ofBytes(DataType.UINT8, new int[] {1}, (byte) 100).reshape());
        Graph graph = Graphs.of(
                17,
                weights,
                Node.of("Concat", List.of("other", "x"), List.of("both"), Map.of("axis", Attribute.of(0L))),
                Node.of("QuantizeLinear", List.of("both", "scale", "zero"), "y"));

        assertThat(EarlyQuantizers.rewrite(graph)).isEqualTo(graph);
    }
}
