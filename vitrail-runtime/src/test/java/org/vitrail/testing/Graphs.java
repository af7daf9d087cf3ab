package org.vitrail.testing;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;

/** Small graphs for tests: float input {@code x} of any shape, output {@code y}. */
public final class Graphs {
    private Graphs() {}

    public static Graph of(int opset, Node... nodes) {
        return of(opset, Map.of(), nodes);
    }

    public static Graph of(int opset, Map<String, Weight> weights, Node... nodes) {
        return of(opset, value("x", DataType.FLOAT), weights, nodes);
    }

    public static Graph of(int opset, ValueInfo input, Map<String, Weight> weights, Node... nodes) {
        return new Graph(
                "small",
                List.of(input),
                List.of(ValueInfo.named("y")),
                List.of(nodes),
                weights,
                Map.of(),
                Map.of("", opset),
                Map.of(),
                UninterpretedProto.NONE);
    }

    /** A value of unknown shape. */
    public static ValueInfo value(String name, DataType type) {
        return new ValueInfo(name, Optional.of(type), Optional.empty(), UninterpretedProto.NONE);
    }
}
