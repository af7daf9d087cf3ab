package org.vitrail.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes a new graph from an old one. Nodes and weights are replaced, added and removed in any order; {@link #build()}
 * then sorts the nodes that the outputs need and drops the rest.
 */
public final class GraphEditor {
    private final Graph graph;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, Weight> weights;
    private final Set<String> names = new HashSet<>();

    public GraphEditor(Graph graph) {
        this.graph = graph;
        this.weights = new LinkedHashMap<>(graph.weights());
        names.addAll(weights.keySet());
        names.addAll(graph.inputNames());
        for (Node node : graph.nodes()) {
            nodes.put(node.output(), node);
            names.addAll(node.outputs());
        }
    }

    /** Returns a value name that is not yet used in the graph: {@code wanted}, with a number appended where needed. */
    public String fresh(String wanted) {
        String name = wanted;
        for (int i = 2; !names.add(name); i++) {
            name = wanted + "_" + i;
        }
        return name;
    }

    /** Adds a constant under a fresh name, which is returned. */
    public String add(String wanted, Weight weight) {
        String name = fresh(wanted);
        weights.put(name, weight);
        return name;
    }

    /** Adds a node, or replaces the one with the same first output. */
    public void put(Node node) {
        nodes.put(node.output(), node);
        names.addAll(node.outputs());
    }

    /** Adds a node of one output under a fresh value name, which is returned. */
    public String add(String op, List<String> inputs, String wanted, Map<String, Attribute> attributes) {
        String output = fresh(wanted);
        put(Node.of(op, inputs, List.of(output), attributes));
        return output;
    }

    /** Adds a node of one output and no attributes under a fresh value name, which is returned. */
    public String add(String op, List<String> inputs, String wanted) {
        return add(op, inputs, wanted, Map.of());
    }

    /** Returns the current node with this first output; throws if there is none. */
    public Node node(String output) {
        Node node = nodes.get(output);
        if (node == null) {
            throw new IllegalArgumentException("no node has the first output " + output);
        }
        return node;
    }

    public void remove(Node node) {
        nodes.remove(node.output());
    }

    /**
     * Makes every reader of {@code value}, except the nodes whose first output is in {@code unless}, read
     * {@code replacement} instead.
     */
    public void redirect(String value, String replacement, Set<String> unless) {
        nodes.replaceAll((output, node) ->
                unless.contains(output) || !node.inputs().contains(value)
                        ? node
                        : node.withInputs(node.inputs().stream()
                                .map(input -> input.equals(value) ? replacement : input)
                                .toList()));
    }

    /**
     * Makes every reader of a key read its replacement instead, in one pass over the nodes; replacements that are keys
     * themselves are followed to the last.
     */
    public void redirect(Map<String, String> replacements) {
        Map<String, String> last = new HashMap<>();
        nodes.replaceAll((output, node) -> {
            if (node.inputs().stream().noneMatch(replacements::containsKey)) {
                return node;
            }
            return node.withInputs(node.inputs().stream()
                    .map(input -> followed(input, replacements, last))
                    .toList());
        });
    }

    /** Follows a chain of replacements to its end, and remembers the end of each link that it passes. */
    private static String followed(String value, Map<String, String> replacements, Map<String, String> last) {
        List<String> passed = new ArrayList<>();
        String end = value;
        while (replacements.containsKey(end) && !last.containsKey(end)) {
            passed.add(end);
            end = replacements.get(end);
        }
        end = last.getOrDefault(end, end);
        for (String link : passed) {
            last.put(link, end);
        }
        return end;
    }

    /**
     * Returns the new graph: the nodes that the outputs need, sorted so that they can run, otherwise in their old
     * order.
     */
    public Graph build() {
        List<Node> sorted = sort();
        Set<String> used = new HashSet<>(graph.outputNames());
        sorted.forEach(node -> used.addAll(node.reads()));
        Map<String, Weight> kept = new LinkedHashMap<>(weights);
        kept.keySet().retainAll(used);
        Map<String, ValueInfo> values = new LinkedHashMap<>(graph.values());
        Set<String> made = new HashSet<>();
        sorted.forEach(node -> made.addAll(node.outputs()));
        values.keySet().retainAll(made);
        return new Graph(
                graph.name(),
                graph.inputs(),
                graph.outputs(),
                sorted,
                kept,
                values,
                graph.opsets(),
                graph.metadata(),
                graph.rest());
    }

    /** Sorts the nodes topologically, depth-first and without recursion, because graphs can be deep. */
    private List<Node> sort() {
        Map<String, Node> producers = new HashMap<>();
        nodes.values().forEach(node -> node.outputs().forEach(output -> producers.put(output, node)));
        Set<String> needed = reachable(producers);
        List<Node> sorted = new ArrayList<>();
        Set<String> placed = new HashSet<>();
        Set<String> open = new HashSet<>();
        Deque<Node> stack = new ArrayDeque<>();
        for (Node start : nodes.values()) {
            if (needed.contains(start.output())) {
                stack.push(start);
            }
            while (!stack.isEmpty()) {
                Node node = stack.peek();
                if (placed.contains(node.output())) {
                    stack.pop();
                    continue;
                }
                open.add(node.output());
                List<Node> missing = node.reads().stream()
                        .map(producers::get)
                        .filter(producer -> producer != null && !placed.contains(producer.output()))
                        .toList();
                if (missing.isEmpty()) {
                    stack.pop();
                    placed.add(node.output());
                    sorted.add(node);
                } else if (missing.stream().anyMatch(producer -> open.contains(producer.output()))) {
                    throw new IllegalStateException("the graph has a cycle through " + node.label());
                } else {
                    missing.reversed().forEach(stack::push);
                }
            }
        }
        return sorted;
    }

    private Set<String> reachable(Map<String, Node> producers) {
        Set<String> reached = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(graph.outputNames());
        while (!open.isEmpty()) {
            Node producer = producers.get(open.pop());
            if (producer != null && reached.add(producer.output())) {
                open.addAll(producer.reads());
            }
        }
        return reached;
    }
}
