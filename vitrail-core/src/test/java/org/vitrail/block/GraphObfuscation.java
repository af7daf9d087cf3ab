package org.vitrail.block;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;
import org.vitrail.shape.Shapes;

/** Rewrites a graph with other names, its nodes in another order, and Identity and Cast nodes between them. */
final class GraphObfuscation {
    private final Random random;

    private GraphObfuscation(long seed) {
        random = new Random(seed);
    }

    static Graph of(Graph graph, long seed) {
        GraphObfuscation disguise = new GraphObfuscation(seed);
        return disguise.permute(disguise.rename(disguise.sprinkle(graph)));
    }

    /** Inserts an Identity, or a Cast where the value is float32, before about every third value that is read. */
    private Graph sprinkle(Graph graph) {
        Shapes shapes = Shapes.infer(graph);
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            List<String> inputs = new ArrayList<>(node.inputs());
            for (int i = 0; i < inputs.size(); i++) {
                if (!inputs.get(i).isEmpty() && random.nextInt(3) == 0) {
                    String passed = "passed " + nodes.size();
                    boolean cast = shapes.type(inputs.get(i))
                                    .filter(DataType.FLOAT::equals)
                                    .isPresent()
                            && random.nextBoolean();
                    nodes.add(
                            cast
                                    ? Node.of(
                                            "Cast",
                                            List.of(inputs.get(i)),
                                            List.of(passed),
                                            Map.of("to", Attribute.of((long) DataType.FLOAT.onnx())))
                                    : Node.of("Identity", List.of(inputs.get(i)), passed));
                    inputs.set(i, passed);
                }
            }
            nodes.add(node.withInputs(inputs));
        }
        return graph.withNodes(nodes);
    }

    private Graph rename(Graph graph) {
        Set<String> kept = new HashSet<>(graph.inputNames());
        kept.addAll(graph.outputNames());
        kept.add("");
        Map<String, String> names = new HashMap<>();
        UnaryOperator<String> name = value -> kept.contains(value)
                ? value
                : names.computeIfAbsent(value, old -> Long.toString(random.nextLong(), Character.MAX_RADIX));
        List<Node> nodes = graph.nodes().stream()
                .map(node -> new Node(
                        "",
                        node.domain(),
                        node.op(),
                        node.inputs().stream().map(name).toList(),
                        node.outputs().stream().map(name).toList(),
                        node.attributes(),
                        UninterpretedProto.NONE))
                .toList();
        Map<String, Weight> weights = new LinkedHashMap<>();
        graph.weights().forEach((old, weight) -> weights.put(name.apply(old), weight));
        Map<String, ValueInfo> values = new LinkedHashMap<>();
        graph.values().forEach((old, info) -> {
            String renamed = name.apply(old);
            values.put(renamed, new ValueInfo(renamed, info.type(), info.shape(), info.rest()));
        });
        return new Graph(
                "",
                graph.inputs(),
                graph.outputs(),
                nodes,
                weights,
                values,
                graph.opsets(),
                graph.metadata(),
                graph.rest());
    }

    /** Returns the nodes in a random topological order. */
    private Graph permute(Graph graph) {
        List<Node> waiting = new ArrayList<>(graph.nodes());
        Set<String> missing = new HashSet<>();
        waiting.forEach(node -> missing.addAll(node.outputs()));
        List<Node> placed = new ArrayList<>();
        while (!waiting.isEmpty()) {
            Collections.shuffle(waiting, random);
            List<Node> later = new ArrayList<>();
            for (Node node : waiting) {
                if (Collections.disjoint(node.reads(), missing)) {
                    placed.add(node);
                    missing.removeAll(node.outputs());
                } else {
                    later.add(node);
                }
            }
            waiting = later;
        }
        return graph.withNodes(placed);
    }
}
