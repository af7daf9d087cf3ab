package org.vitrail.subgraph;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphEditor;
import org.vitrail.graph.GraphIndex;
import org.vitrail.graph.Node;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.ValueInfo;
import org.vitrail.shape.Shapes;

/**
 * Extracts parts of a graph that run by themselves: all nodes on the paths from some nodes to some values, with the
 * floating-point values that enter from outside as inputs.
 */
public final class SubgraphExtractor {
    private final Graph graph;
    private final GraphIndex index;
    private final Shapes shapes;
    private final Map<String, ValueInfo> inputs = new LinkedHashMap<>();

    public SubgraphExtractor(Graph graph) {
        this.graph = graph;
        this.index = new GraphIndex(graph);
        this.shapes = Shapes.infer(graph);
        graph.inputs().forEach(input -> inputs.put(input.name(), input));
    }

    /** Returns all values that depend on these nodes, given by their outputs, including these outputs. */
    public Set<String> dependents(Collection<String> starts) {
        return graph.dependents(starts);
    }

    /**
     * Returns the part of the graph between nodes, given by their outputs, and the values {@code outputs} that depend
     * on them. Values computed outside of it become inputs where they are floating-point; others (extents, positions)
     * are computed in the part as well.
     */
    public Graph between(Collection<String> starts, Collection<String> outputs) {
        Set<String> dependents = dependents(starts);
        Set<Node> nodes = new HashSet<>();
        Map<String, ValueInfo> entering = new LinkedHashMap<>();
        Deque<String> open = new ArrayDeque<>(outputs);
        Set<String> seen = new HashSet<>(outputs);
        while (!open.isEmpty()) {
            String value = open.poll();
            Node producer = index.producer(value).orElse(null);
            if (inputs.containsKey(value)) {
                entering.put(value, inputs.get(value));
            } else if (producer != null && !dependents.contains(value) && isFloating(value) && !isConstant(producer)) {
                entering.put(
                        value, new ValueInfo(value, shapes.type(value), shapes.of(value), UninterpretedProto.NONE));
            } else if (producer != null && nodes.add(producer)) {
                producer.reads().stream().filter(seen::add).forEach(open::add);
            }
        }
        Graph part = graph.withNodes(
                        graph.nodes().stream().filter(nodes::contains).toList())
                .withInputs(List.copyOf(entering.values()))
                .withOutputs(outputs.stream().map(ValueInfo::named).toList());
        return new GraphEditor(part).build();
    }

    /**
     * Returns those values computed in a part of this graph that nodes outside of it read or that the graph returns.
     */
    public Set<String> leaving(Graph part) {
        Set<String> inside =
                part.nodes().stream().flatMap(node -> node.outputs().stream()).collect(Collectors.toSet());
        Set<String> leaving = new LinkedHashSet<>();
        for (Node node : part.nodes()) {
            for (String output : node.outputs()) {
                if (index.isOutput(output)
                        || index.consumers(output).stream().anyMatch(reader -> !inside.contains(reader.output()))) {
                    leaving.add(output);
                }
            }
        }
        return leaving;
    }

    private boolean isFloating(String value) {
        return shapes.type(value).filter(DataType::isFloating).isPresent();
    }

    private static boolean isConstant(Node node) {
        return node.reads().isEmpty();
    }
}
