package org.vitrail.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the producer and the consumers of each value of a graph. */
public final class GraphIndex {
    private final Graph graph;
    private final Map<String, Node> producers = new HashMap<>();
    private final Map<String, List<Node>> consumers = new HashMap<>();
    private final Set<String> outputs;

    public GraphIndex(Graph graph) {
        this.graph = graph;
        this.outputs = Set.copyOf(graph.outputNames());
        for (Node node : graph.nodes()) {
            for (String output : node.outputs()) {
                producers.put(output, node);
            }
            for (String value : node.reads()) {
                consumers.computeIfAbsent(value, key -> new ArrayList<>()).add(node);
            }
        }
    }

    public Graph graph() {
        return graph;
    }

    /** The node that produces a value; empty for inputs and weights. */
    public Optional<Node> producer(String value) {
        return Optional.ofNullable(producers.get(value));
    }

    /** The nodes that read a value, in graph order, each once. */
    public List<Node> consumers(String value) {
        return List.copyOf(consumers.getOrDefault(value, List.of()));
    }

    /** The constant that a value holds: an initializer, or the output of a Constant node. */
    public Optional<Weight> constant(String value) {
        Weight weight = graph.weights().get(value);
        if (weight != null) {
            return Optional.of(weight);
        }
        return producer(value)
                .filter(node -> node.is("Constant"))
                .flatMap(node -> node.attributes().get("value") instanceof Attribute.TensorValue(Weight constant)
                        ? Optional.of(constant)
                        : Optional.empty());
    }

    public boolean isOutput(String value) {
        return outputs.contains(value);
    }
}
