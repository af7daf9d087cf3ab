package org.vitrail.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Converts a model from some element types to another: weights, constants, and type attributes of operators. Inputs and
 * outputs of the model keep their types; Cast nodes convert them.
 */
public final class ElementTypeConversion {
    /** Names of attributes that hold the number of an element type. */
    private static final Set<String> TYPE_ATTRIBUTES =
            Set.of("to", "dtype", "stash_type", "output_dtype", "softmax_precision");

    private final Set<DataType> from;
    private final DataType to;
    private final Map<String, String> renamed = new HashMap<>();

    private ElementTypeConversion(Set<DataType> from, DataType to) {
        this.from = from;
        this.to = to;
    }

    /**
     * Returns the model with everything of the types {@code from} converted to {@code to}, or the graph itself if it
     * has none of these types.
     */
    public static Graph convert(Graph graph, Set<DataType> from, DataType to) {
        ElementTypeConversion conversion = new ElementTypeConversion(from, to);
        return conversion.concerns(graph) ? conversion.atTheEdges(graph) : graph;
    }

    /** Returns whether a weight, constant, input, output or type attribute of the model has one of these types. */
    public static boolean holds(Graph graph, Set<DataType> types) {
        return new ElementTypeConversion(types, DataType.FLOAT).concerns(graph);
    }

    private boolean concerns(Graph graph) {
        return graph.inputs().stream().anyMatch(this::concerns)
                || graph.outputs().stream().anyMatch(this::concerns)
                || graph.weights().values().stream().anyMatch(weight -> from.contains(weight.type()))
                || graph.nodes().stream().anyMatch(this::concerns);
    }

    private boolean concerns(ValueInfo value) {
        return value.type().filter(from::contains).isPresent();
    }

    private boolean concerns(Node node) {
        return node.attributes().entrySet().stream().anyMatch(attribute -> switch (attribute.getValue()) {
            case Attribute.IntValue(long number) -> isType(attribute.getKey(), number);
            case Attribute.TensorValue(Weight value) -> from.contains(value.type());
            case Attribute.Subgraph(Graph body) -> concerns(body);
            case Attribute.FloatValue value -> false;
            case Attribute.StringValue value -> false;
            case Attribute.Ints value -> false;
            case Attribute.Floats value -> false;
            case Attribute.Strings value -> false;
            case Attribute.Raw value -> false;
        });
    }

    private boolean isType(String attribute, long number) {
        return TYPE_ATTRIBUTES.contains(attribute) && from.stream().anyMatch(type -> type.onnx() == number);
    }

    /** Renames the converted inputs and outputs inside the model and connects them to the original names by Casts. */
    private Graph atTheEdges(Graph graph) {
        GraphEditor names = new GraphEditor(graph);
        List<Node> nodes = new ArrayList<>();
        for (ValueInfo input : graph.inputs()) {
            if (concerns(input)) {
                String inside = names.fresh(input.name() + "_" + label(to));
                renamed.put(input.name(), inside);
                nodes.add(cast(input.name(), inside, to));
            }
        }
        List<Node> last = new ArrayList<>();
        for (ValueInfo output : graph.outputs()) {
            if (concerns(output) && !graph.inputNames().contains(output.name())) {
                String inside = names.fresh(output.name() + "_" + label(to));
                renamed.put(output.name(), inside);
                last.add(cast(inside, output.name(), output.type().orElseThrow()));
            }
        }
        Graph body = converted(graph);
        nodes.addAll(body.nodes());
        nodes.addAll(last);
        return body.withNodes(nodes).withInputs(graph.inputs()).withOutputs(graph.outputs());
    }

    private static String label(DataType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    private static Node cast(String value, String result, DataType type) {
        Map<String, Attribute> to = Map.of("to", Attribute.of(type.onnx()));
        // The node has no name, because another node may be named after the output.
        return new Node("", "", "Cast", List.of(value), List.of(result), to, UninterpretedProto.NONE);
    }

    private Graph converted(Graph graph) {
        Map<String, Weight> weights = new LinkedHashMap<>();
        graph.weights().forEach((name, weight) -> weights.put(name(name), converted(weight)));
        Map<String, ValueInfo> values = new LinkedHashMap<>();
        graph.values().values().forEach(value -> values.put(name(value.name()), converted(value)));
        return graph.withNodes(graph.nodes().stream().map(this::converted).toList())
                .withWeights(weights)
                .withValues(values)
                .withInputs(graph.inputs().stream().map(this::converted).toList())
                .withOutputs(graph.outputs().stream().map(this::converted).toList());
    }

    private String name(String value) {
        return renamed.getOrDefault(value, value);
    }

    private Weight converted(Weight weight) {
        return from.contains(weight.type()) ? ScratchFile.kept(ConstantElements.cast(weight, to)) : weight;
    }

    private ValueInfo converted(ValueInfo value) {
        String name = name(value.name());
        return concerns(value)
                ? new ValueInfo(name, Optional.of(to), value.shape(), UninterpretedProto.NONE)
                : new ValueInfo(name, value.type(), value.shape(), value.rest());
    }

    private Node converted(Node node) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        node.attributes().forEach((key, attribute) -> attributes.put(key, converted(key, attribute)));
        return node.withInputs(node.inputs().stream().map(this::name).toList())
                .withOutputs(node.outputs().stream().map(this::name).toList())
                .withAttributes(attributes);
    }

    private Attribute converted(String key, Attribute attribute) {
        return switch (attribute) {
            case Attribute.IntValue(long number) when isType(key, number) -> Attribute.of(to.onnx());
            case Attribute.TensorValue(Weight value) -> new Attribute.TensorValue(converted(value));
            case Attribute.Subgraph(Graph body) -> new Attribute.Subgraph(converted(body));
            case Attribute.IntValue value -> value;
            case Attribute.FloatValue value -> value;
            case Attribute.StringValue value -> value;
            case Attribute.Ints value -> value;
            case Attribute.Floats value -> value;
            case Attribute.Strings value -> value;
            case Attribute.Raw value -> value;
        };
    }
}
