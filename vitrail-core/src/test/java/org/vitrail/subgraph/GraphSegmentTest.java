package org.vitrail.subgraph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;

class GraphSegmentTest {
    /** x → a → b, c side by side → d, with x read again at the end, and a constant k that two segments use. */
    private static final Graph GRAPH = new Graph(
            "segments",
            List.of(ValueInfo.of("x", DataType.FLOAT, List.of(Dim.of(2)))),
            List.of(ValueInfo.of("e", DataType.FLOAT, List.of(Dim.of(2)))),
            List.of(
                    Node.of("Neg", List.of("w"), "k"),
                    Node.of("Add", List.of("x", "k"), "a"),
                    Node.of("Relu", List.of("a"), "b"),
                    Node.of("Abs", List.of("a"), "c"),
                    Node.of("Mul", List.of("b", "c"), "m"),
                    Node.of("Add", List.of("m", "k"), "n"),
                    Node.of("Add", List.of("n", "x"), "d"),
                    Node.of("Exp", List.of("d"), "e")),
            Map.of("w", Weight.ofFloats(new int[] {2}, 1, 2)),
            Map.of(),
            Map.of("", 17),
            Map.of(),
            UninterpretedProto.NONE);

    @Test
    void valuesThatDoNotDependOnEachOtherStandSideBySide() {
        assertThat(GraphSegment.sideBySide(GRAPH, List.of("a", "b", "c", "d")))
                .containsExactly(List.of("a"), List.of("b", "c"), List.of("d"));
    }

    @Test
    void everyNodeOfDataIsRunOnceAndReadsWhatEarlierSegmentsGive() {
        List<GraphSegment> segments = GraphSegment.cut(GRAPH, List.of(List.of("a"), List.of("b", "c"), List.of("d")));

        assertThat(segments)
                .extracting(GraphSegment::inputs)
                .containsExactly(List.of("x"), List.of("a"), List.of("b", "c", "x"));
        assertThat(segments)
                .extracting(GraphSegment::outputs)
                .containsExactly(List.of("a"), List.of("b", "c"), List.of("d"));
        Set<String> given = new HashSet<>();
        for (GraphSegment segment : segments) {
            Graph part = segment.graph(GRAPH, values());
            assertThat(part.nodes().stream().map(Node::output).filter(value -> !value.equals("k")))
                    .noneMatch(given::contains);
            part.nodes().forEach(node -> given.add(node.output()));
        }
        assertThat(given).containsExactlyInAnyOrder("k", "a", "b", "c", "m", "n", "d");
    }

    @Test
    void constantsTravelWithEachSegmentThatNeedsThem() {
        List<GraphSegment> segments = GraphSegment.cut(GRAPH, List.of(List.of("a"), List.of("b", "c"), List.of("d")));

        assertThat(segments.get(1).graph(GRAPH, values()).weights()).isEmpty();
        assertThat(segments.get(2).graph(GRAPH, values()).weights()).containsKey("w");
    }

    private static Map<String, ValueInfo> values() {
        Map<String, ValueInfo> values = new HashMap<>();
        for (String name : List.of("x", "a", "b", "c", "d")) {
            values.put(
                    name, new ValueInfo(name, Optional.of(DataType.FLOAT), Optional.empty(), UninterpretedProto.NONE));
        }
        return values;
    }
}
