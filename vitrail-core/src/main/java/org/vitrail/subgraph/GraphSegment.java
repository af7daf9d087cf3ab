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
 * A stretch of a graph: what is computed between one stop and the next. Run one behind the other, the stretches of a
 * graph compute everything once.
 *
 * @param inputs values that come from stretches before it, or from the graph's inputs
 * @param outputs its stop, and what later stretches read
 * @param nodes that are run, with those that compute constants
 */
public record GraphSegment(List<String> inputs, List<String> outputs, List<Node> nodes) {
    public GraphSegment {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        nodes = List.copyOf(nodes);
    }

    /**
     * Cuts a graph at these stops, each some values that do not depend on those of later stops; what only the graph's
     * own outputs need is left out.
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
        List<GraphSegment> stretches = new ArrayList<>();
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
            stretches.addFirst(new GraphSegment(List.copyOf(read), List.copyOf(outputs), nodes));
        }
        return stretches;
    }

    /**
     * Puts values into groups, in their order: a group ends where the next value depends on one that is in it.
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

    /** The stretch as a graph of its own, whose inputs are of the given types and shapes. */
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

    /** The nodes that these values need, without those that are {@code done}. */
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
