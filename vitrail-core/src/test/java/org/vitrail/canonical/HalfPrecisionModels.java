package org.vitrail.canonical;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.ConstantElements;
import org.vitrail.graph.DataType;
import org.vitrail.graph.ElementTypeConversion;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;

/** Converts float models to half precision, in the form that exporters of {@code model.half()} write. */
public final class HalfPrecisionModels {
    private HalfPrecisionModels() {}

    /** Converts weights, constants, inputs and outputs to this type. */
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

    /**
     * Converts weights and constants to this type, with Casts after the inputs and before the outputs, as converters
     * do.
     */
    public static Graph withFloatEdges(Graph graph, DataType type) {
        return ElementTypeConversion.convert(graph, Set.of(DataType.FLOAT), type);
    }

    /** Rounds a weight to this type. */
    public static Weight of(Weight weight, DataType type) {
        return ConstantElements.cast(weight, type);
    }

    private static List<ValueInfo> retyped(List<ValueInfo> values, DataType type) {
        return values.stream()
                .map(value -> value.type().equals(Optional.of(DataType.FLOAT))
                        ? new ValueInfo(value.name(), Optional.of(type), value.shape(), UninterpretedProto.NONE)
                        : value)
                .toList();
    }
}
