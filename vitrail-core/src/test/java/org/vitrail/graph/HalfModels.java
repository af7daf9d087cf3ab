package org.vitrail.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Half-precision twins of float models, made as exporters of {@code model.half()} leave them. */
public final class HalfModels {
    private HalfModels() {}

    /** Weights, constants, inputs and outputs in this type. */
    public static Graph of(Graph graph, DataType type) {
        Graph inside = withFloatEdges(graph, type);
        List<Node> nodes = new ArrayList<>();
        for (Node node : inside.nodes()) {
            boolean isEdge = node.is("Cast") && graph.outputNames().contains(node.output());
            Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
            attributes.computeIfPresent("to", (key, to) -> isEdge ? Attribute.of(type.onnx()) : to);
            nodes.add(node.withAttributes(attributes));
        }
        return inside.withNodes(nodes)
                .withInputs(retyped(graph.inputs(), type))
                .withOutputs(retyped(graph.outputs(), type));
    }

    /** Weights and constants in this type, with Casts behind the inputs and before the outputs, as converters do it. */
    public static Graph withFloatEdges(Graph graph, DataType type) {
        return SinglePrecision.convert(graph, Set.of(DataType.FLOAT), type);
    }

    /** A weight rounded to this type. */
    public static Weight of(Weight weight, DataType type) {
        return Numbers.cast(weight, type);
    }

    private static List<ValueInfo> retyped(List<ValueInfo> values, DataType type) {
        return values.stream()
                .map(value -> value.type().equals(Optional.of(DataType.FLOAT))
                        ? new ValueInfo(value.name(), Optional.of(type), value.shape(), Opaque.NONE)
                        : value)
                .toList();
    }
}
