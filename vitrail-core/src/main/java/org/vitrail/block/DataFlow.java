package org.vitrail.block;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Predicate;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphIndex;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;

/**
 * Answers which node reads which value, as data flows: nodes that only pass their input on (Identity, Cast, Dropout)
 * are skipped, and inputs that carry shapes or indices instead of data are not followed.
 */
final class DataFlow {
    private static final Set<String> TRANSPARENT = Set.of("Identity", "Cast", "Dropout");

    /** Operators of which only the first input carries data; the others give positions or sizes. */
    private static final Set<String> FIRST_INPUT_ONLY = Set.of(
            "Reshape",
            "Expand",
            "Slice",
            "Gather",
            "GatherElements",
            "GatherND",
            "Tile",
            "Pad",
            "Squeeze",
            "Unsqueeze",
            "Resize",
            "Split",
            "ReduceMean",
            "ReduceSum",
            "ReduceMax",
            "ReduceL2",
            "TopK",
            "CumSum");

    /** Operators whose result holds extents or positions, not data. */
    private static final Set<String> NO_DATA = Set.of("Shape", "Size", "ConstantOfShape", "Range", "EyeLike");

    private final Graph graph;
    private final GraphIndex index;
    private final Map<String, List<Node>> readers = new HashMap<>();
    private final Map<String, Integer> positions = new HashMap<>();
    private final List<BitSet> ancestors = new ArrayList<>();

    DataFlow(Graph graph) {
        this.graph = graph;
        this.index = new GraphIndex(graph);
        for (Node node : graph.nodes()) {
            positions.put(node.output(), positions.size());
            ancestors.add(ancestors(node));
            if (!isTransparent(node)) {
                new LinkedHashSet<>(dataInputs(node).stream().map(this::source).toList())
                        .forEach(value -> readers.computeIfAbsent(value, key -> new ArrayList<>())
                                .add(node));
            }
        }
    }

    Graph graph() {
        return graph;
    }

    /** Returns the nodes that are not transparent, in graph order. */
    List<Node> nodes() {
        return graph.nodes().stream().filter(node -> !isTransparent(node)).toList();
    }

    private static boolean isTransparent(Node node) {
        return TRANSPARENT.stream().anyMatch(node::is);
    }

    /** Returns the value itself, or the value that transparent nodes made it from. */
    String source(String value) {
        String at = value;
        for (Node node = index.producer(at).orElse(null);
                node != null && isTransparent(node);
                node = index.producer(at).orElse(null)) {
            at = node.input(0);
        }
        return at;
    }

    boolean same(String value, String other) {
        return source(value).equals(source(other));
    }

    Optional<Node> producer(String value) {
        return index.producer(source(value));
    }

    /** Returns the nodes that read the value as data, directly or through transparent nodes, in graph order. */
    List<Node> readers(String value) {
        return readers.getOrDefault(source(value), List.of());
    }

    /** Returns the only reader of the value; empty where it has several readers or is also an output of the graph. */
    Optional<Node> onlyReader(String value) {
        List<Node> all = readers(value);
        return all.size() == 1 && !isOutput(value) ? Optional.of(all.getFirst()) : Optional.empty();
    }

    private boolean isOutput(String value) {
        return graph.outputNames().stream().anyMatch(output -> same(output, value));
    }

    Optional<Weight> constant(String value) {
        return index.constant(source(value));
    }

    boolean isConstant(String value) {
        return constant(value).isPresent();
    }

    /** Returns the number in a floating-point constant of one element. */
    OptionalDouble scalar(String value) {
        return constant(value)
                .filter(weight -> weight.isFloating() && weight.count() == 1)
                .map(weight -> OptionalDouble.of(weight.toFloats()[0]))
                .orElse(OptionalDouble.empty());
    }

    /**
     * Returns the values from which the node's result is computed, element by element or by products, with constants.
     */
    static List<String> dataInputs(Node node) {
        if (NO_DATA.stream().anyMatch(node::is)) {
            return List.of();
        }
        if (FIRST_INPUT_ONLY.stream().anyMatch(node::is)) {
            return List.of(node.input(0));
        }
        if (node.is("Where")) {
            return List.of(node.input(1), node.input(2));
        }
        if (node.is("ScatterND")) {
            return List.of(node.input(0), node.input(2));
        }
        return List.copyOf(node.reads());
    }

    /** Returns the data inputs of a node that are not constants. */
    List<String> activations(Node node) {
        return dataInputs(node).stream().filter(value -> !isConstant(value)).toList();
    }

    /** Returns the position of the node in graph order. */
    int position(Node node) {
        return positions.get(node.output());
    }

    /** Returns whether the data of {@code earlier} reaches {@code later}. */
    boolean reaches(Node earlier, Node later) {
        return ancestors.get(position(later)).get(position(earlier));
    }

    /** Returns whether the data of {@code earlier} reaches this value. */
    boolean reaches(Node earlier, String value) {
        return index.producer(value)
                .map(node -> node.equals(earlier) || reaches(earlier, node))
                .orElse(false);
    }

    /** Returns whether the data of a graph input reaches this value. */
    boolean seesInput(String value) {
        return graph.inputNames().contains(source(value))
                || !behind(
                                value,
                                node -> activations(node).stream()
                                        .anyMatch(input -> graph.inputNames().contains(source(input))),
                                node -> true)
                        .isEmpty();
    }

    private BitSet ancestors(Node node) {
        BitSet all = new BitSet();
        if (NO_DATA.stream().noneMatch(node::is)) {
            for (String value : node.reads()) {
                index.producer(value).ifPresent(producer -> {
                    all.or(ancestors.get(position(producer)));
                    all.set(position(producer));
                });
            }
        }
        return all;
    }

    /**
     * Returns the nearest wanted nodes behind a value, nearest first: a walk against the data flow that stops at each
     * wanted node and passes only nodes that {@code through} accepts.
     */
    List<Node> behind(String value, Predicate<Node> wanted, Predicate<Node> through) {
        return List.copyOf(walk(value, wanted, through, new LinkedHashMap<>()));
    }

    /** Returns the nodes that the walk of {@link #behind} passes before it reaches wanted ones. */
    Collection<Node> passedBehind(String value, Predicate<Node> wanted, Predicate<Node> through) {
        Map<String, Node> passed = new LinkedHashMap<>();
        walk(value, wanted, through, passed);
        return passed.values();
    }

    private Set<Node> walk(String value, Predicate<Node> wanted, Predicate<Node> through, Map<String, Node> passed) {
        Set<Node> found = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(value));
        while (!open.isEmpty()) {
            Node node = producer(open.poll()).orElse(null);
            if (node == null || passed.containsKey(node.output())) {
                continue;
            }
            if (wanted.test(node)) {
                found.add(node);
            } else if (through.test(node)) {
                passed.put(node.output(), node);
                open.addAll(activations(node));
            }
        }
        return found;
    }

    /** Returns the nearest wanted nodes ahead of a value, nearest first: as {@link #behind}, but with the data flow. */
    List<Node> ahead(String value, Predicate<Node> wanted, Predicate<Node> through) {
        Set<Node> found = new LinkedHashSet<>();
        Set<String> passed = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(value));
        while (!open.isEmpty()) {
            for (Node node : readers(open.poll())) {
                if (wanted.test(node)) {
                    found.add(node);
                } else if (through.test(node) && passed.add(node.output())) {
                    open.addAll(node.outputs());
                }
            }
        }
        return List.copyOf(found);
    }
}
