package org.vitrail.subgraph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphEditor;
import org.vitrail.graph.Node;
import org.vitrail.graph.ValueInfo;

/**
 * A part of a graph between two consecutive stops. The segments of a graph, run in order, compute every value once.
 *
 * @param inputs values that come from earlier segments, or from the graph's inputs
 * @param outputs the values of its stop, and the values that later segments read
 * @param nodes the nodes to run, including those that compute constants
 */
public record GraphSegment(List<String> inputs, List<String> outputs, List<Node> nodes) {
    public GraphSegment {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        nodes = List.copyOf(nodes);
    }

    /**
     * Cuts a graph at these stops. Each stop is a set of values that do not depend on those of later stops; nodes that
     * only the graph's own outputs need are left out.
     */
    public static List<GraphSegment> cut(Graph graph, List<List<String>> stops) {
        Set<String> data = graph.dependents(graph.inputNames());
        List<Node> constants = graph.nodes().stream()
                .filter(node -> !data.contains(node.output()))
                .toList();
        Map<String, Node> producers = producers(graph, data);
        List<Set<Node>> parts = new ArrayList<>();
        Set<Node> done = new HashSet<>();
        for (List<String> stop : stops) {
            Set<Node> part = upstream(producers, stop, done);
            done.addAll(part);
            parts.add(part);
        }
        List<GraphSegment> segments = new ArrayList<>();
        Set<String> readLater = new HashSet<>();
        for (int i = stops.size() - 1; i >= 0; i--) {
            List<Node> inOrder =
                    graph.nodes().stream().filter(parts.get(i)::contains).toList();
            Set<String> made = new LinkedHashSet<>();
            Set<String> read = new LinkedHashSet<>();
            inOrder.forEach(node -> {
                made.addAll(node.outputs());
                node.reads().stream().filter(data::contains).forEach(read::add);
            });
            Set<String> outputs = new LinkedHashSet<>(stops.get(i));
            made.stream().filter(readLater::contains).forEach(outputs::add);
            read.removeAll(made);
            readLater.addAll(read);
            List<Node> nodes = new ArrayList<>(constants);
            nodes.addAll(inOrder);
            segments.addFirst(new GraphSegment(List.copyOf(read), List.copyOf(outputs), nodes));
        }
        return segments;
    }

    /**
     * Groups values in their order: a group ends where the next value depends on a value in the group.
     *
     * @param values in an order in which they can be computed
     */
    public static List<List<String>> sideBySide(Graph graph, List<String> values) {
        Map<String, Node> producers = producers(graph, graph.dependents(graph.inputNames()));
        List<List<String>> groups = new ArrayList<>();
        for (String value : values) {
            Set<String> before = new HashSet<>();
            upstream(producers, List.of(value), Set.of()).forEach(node -> before.addAll(node.reads()));
            if (groups.isEmpty() || groups.getLast().stream().anyMatch(before::contains)) {
                groups.add(new ArrayList<>());
            }
            groups.getLast().add(value);
        }
        return groups;
    }

    /** Returns the segment as a graph, whose inputs have the given types and shapes. */
    public Graph graph(Graph whole, Map<String, ValueInfo> values) {
        return new GraphEditor(whole.withNodes(nodes)
                        .withInputs(inputs.stream().map(values::get).toList())
                        .withOutputs(outputs.stream().map(ValueInfo::named).toList()))
                .build();
    }

    private static Map<String, Node> producers(Graph graph, Set<String> data) {
        Map<String, Node> producers = new HashMap<>();
        graph.nodes().stream()
                .filter(node -> data.contains(node.output()))
                .forEach(node -> node.outputs().forEach(output -> producers.put(output, node)));
        return producers;
    }

    /** Returns the nodes that these values need, without those that are {@code done}. */
    private static Set<Node> upstream(Map<String, Node> producers, Collection<String> values, Set<Node> done) {
        Set<Node> found = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(values);
        while (!open.isEmpty()) {
            Node node = producers.get(open.pop());
            if (node != null && !done.contains(node) && found.add(node)) {
                open.addAll(node.reads());
            }
        }
        return found;
    }
}
