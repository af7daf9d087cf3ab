package org.vitrail.graph;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A model: nodes in an order in which they can run, with their constant weights. Immutable; {@link GraphEditor} makes
 * changed copies.
 *
 * @param inputs what the caller feeds (initializers listed among a file's inputs are weights, not inputs)
 * @param values types and shapes that the file declares for intermediate values, by name
 * @param opsets operator set versions by domain; "" is ONNX's own. Empty for subgraphs
 * @param metadata free text by key, as ONNX's metadata_props
 * @param rest other contents of the file (producer, IR version, functions ...), kept for writing back
 */
public record Graph(
        String name,
        List<ValueInfo> inputs,
        List<ValueInfo> outputs,
        List<Node> nodes,
        Map<String, Weight> weights,
        Map<String, ValueInfo> values,
        Map<String, Integer> opsets,
        Map<String, String> metadata,
        UninterpretedProto rest) {
    public Graph {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        nodes = List.copyOf(nodes);
        weights = ordered(weights);
        values = ordered(values);
        opsets = ordered(opsets);
        metadata = ordered(metadata);
    }

    private static <V> Map<String, V> ordered(Map<String, V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /** The version of ONNX's own operator set that the nodes follow. */
    public int opset() {
        return opsets.getOrDefault("", 0);
    }

    public List<String> inputNames() {
        return inputs.stream().map(ValueInfo::name).toList();
    }

    public List<String> outputNames() {
        return outputs.stream().map(ValueInfo::name).toList();
    }

    /** The names that a subgraph reads but does not define; the enclosing graph must define them. */
    public Set<String> captured() {
        Set<String> defined = new LinkedHashSet<>(weights.keySet());
        defined.addAll(inputNames());
        Set<String> captured = new LinkedHashSet<>();
        for (Node node : nodes) {
            captured.addAll(node.reads());
            defined.addAll(node.outputs());
        }
        captured.addAll(outputNames());
        captured.removeAll(defined);
        return captured;
    }

    /** Returns these values and all values that are computed from them. */
    public Set<String> dependents(Collection<String> starts) {
        Set<String> reached = new HashSet<>(starts);
        for (Node node : nodes) {
            if (node.reads().stream().anyMatch(reached::contains)) {
                reached.addAll(node.outputs());
            }
        }
        return reached;
    }

    public Graph withNodes(Collection<Node> newNodes) {
        return new Graph(name, inputs, outputs, List.copyOf(newNodes), weights, values, opsets, metadata, rest);
    }

    public Graph withWeights(Map<String, Weight> newWeights) {
        return new Graph(name, inputs, outputs, nodes, newWeights, values, opsets, metadata, rest);
    }

    /**
     * Returns the graph without the debug information of exporters (names, documentation, declared shapes of
     * intermediate values), which a deployed file does not need.
     */
    public Graph bare() {
        return withNodes(nodes.stream().map(Node::bare).toList()).withValues(Map.of());
    }

    public Graph withValues(Map<String, ValueInfo> newValues) {
        return new Graph(name, inputs, outputs, nodes, weights, newValues, opsets, metadata, rest);
    }

    public Graph withInputs(List<ValueInfo> newInputs) {
        return new Graph(name, newInputs, outputs, nodes, weights, values, opsets, metadata, rest);
    }

    public Graph withOutputs(List<ValueInfo> newOutputs) {
        return new Graph(name, inputs, newOutputs, nodes, weights, values, opsets, metadata, rest);
    }

    public Graph withOpsets(Map<String, Integer> newOpsets) {
        return new Graph(name, inputs, outputs, nodes, weights, values, newOpsets, metadata, rest);
    }

    public Graph withMetadata(Map<String, String> newMetadata) {
        return new Graph(name, inputs, outputs, nodes, weights, values, opsets, newMetadata, rest);
    }
}
