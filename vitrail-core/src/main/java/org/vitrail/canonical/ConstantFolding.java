package org.vitrail.canonical;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.ConstantElements;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphEditor;
import org.vitrail.graph.GraphIndex;
import org.vitrail.graph.Node;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;
import org.vitrail.shape.EvaluationBudget;
import org.vitrail.shape.ExpandElimination;
import org.vitrail.shape.ScaledSymbol;
import org.vitrail.shape.ShapeVectors;
import org.vitrail.shape.Shapes;
import org.vitrail.tensor.Limits;

/**
 * Removes from a graph what need not be computed at each run: constant computations become weights, nodes that change
 * nothing are dropped, and of the shape computations that exporters write only those remain that depend on the batch.
 * Outputs are equal for every extent of the symbolic axes.
 */
public final class ConstantFolding {
    /** Operators that are not folded though their inputs are constant: random ones, and weights stored in few bits. */
    private static final Set<String> UNFOLDED = Set.of(
            "RandomNormalLike",
            "RandomUniformLike",
            "Multinomial",
            "Bernoulli",
            "QuantizeLinear",
            "DynamicQuantizeLinear",
            "DequantizeLinear");

    private ConstantFolding() {}

    /** Folds the constants that this package's rules compute. */
    public static Graph fold(Graph graph) {
        return fold(graph, ConstantEvaluator.NONE);
    }

    /** Folds the constants that this package's rules or {@code evaluator} compute. */
    public static Graph fold(Graph graph, ConstantEvaluator evaluator) {
        Graph folded = simplified(graph);
        Graph next = simplified(withConstants(folded, evaluated(folded, evaluator)));
        for (int pass = 1;
                pass < Limits.MAX_FOLDING_PASSES
                        && next.nodes().size() < folded.nodes().size()
                        && EvaluationBudget.allows(graph, next);
                pass++) {
            folded = next;
            next = simplified(withConstants(folded, evaluated(folded, evaluator)));
        }
        return folded;
    }

    private static Graph simplified(Graph given) {
        Graph graph = ExpandElimination.removed(given);
        Shapes shapes = Shapes.infer(graph);
        Map<String, Weight> found = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            node.outputs().forEach(output -> shapes.constant(output).ifPresent(weight -> found.put(output, weight)));
        }
        return withPlainShapes(withoutIdentities(withConstants(graph, found), shapes), shapes);
    }

    /** Replaces nodes by weights where every needed output was found and none is an output of the graph. */
    private static Graph withConstants(Graph graph, Map<String, Weight> found) {
        GraphIndex index = new GraphIndex(graph);
        Map<String, Weight> weights = new LinkedHashMap<>(graph.weights());
        List<Node> kept = new ArrayList<>();
        for (Node node : graph.nodes()) {
            List<String> needed = node.outputs().stream()
                    .filter(output ->
                            index.isOutput(output) || !index.consumers(output).isEmpty())
                    .toList();
            if (found.keySet().containsAll(needed) && needed.stream().noneMatch(index::isOutput)) {
                needed.forEach(output -> weights.put(output, found.get(output)));
            } else {
                kept.add(node);
            }
        }
        return new GraphEditor(graph.withNodes(kept).withWeights(weights)).build();
    }

    private static Graph withoutIdentities(Graph graph, Shapes shapes) {
        GraphIndex index = new GraphIndex(graph);
        GraphEditor editor = new GraphEditor(graph);
        Map<String, String> replacements = new HashMap<>();
        for (Node node : graph.nodes()) {
            boolean removable = !index.isOutput(node.output())
                    && index.consumers(node.output()).stream().noneMatch(ConstantFolding::hasSubgraph);
            if (removable && isIdentity(node, shapes)) {
                replacements.put(node.output(), node.input(0));
            }
        }
        editor.redirect(replacements);
        return editor.build();
    }

    private static boolean hasSubgraph(Node node) {
        return node.attributes().values().stream().anyMatch(Attribute.Subgraph.class::isInstance);
    }

    /** Returns whether the node's one output equals its first input, whatever the symbols stand for. */
    private static boolean isIdentity(Node node, Shapes shapes) {
        if (!node.is(node.op()) || node.outputs().size() != 1) {
            return false;
        }
        return switch (node.op()) {
            case "Identity" -> true;
            case "Cast" ->
                shapes.type(node.input(0)).isPresent()
                        && shapes.type(node.input(0)).equals(shapes.type(node.output()));
            case "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Expand", "Tile" -> keepsShape(node, shapes);
            case "Slice" -> keepsShape(node, shapes) && (!node.hasInput(4) || isAll(shapes, node.input(4), 1));
            case "Add", "Sub" -> keepsShape(node, shapes) && isAll(shapes, node.input(1), 0);
            case "Mul", "Div" -> keepsShape(node, shapes) && isAll(shapes, node.input(1), 1);
            case "Pad" -> isAll(shapes, node.input(1), 0);
            case "Concat" -> node.inputs().size() == 1;
            case "Transpose" ->
                node.intsAttribute("perm")
                        .filter(order -> IntStream.range(0, order.size()).allMatch(axis -> order.get(axis) == axis))
                        .isPresent();
            default -> false;
        };
    }

    private static boolean keepsShape(Node node, Shapes shapes) {
        Optional<List<Dim>> shape = shapes.of(node.output());
        return shape.isPresent() && !shape.get().contains(Dim.unknown()) && shape.equals(shapes.of(node.input(0)));
    }

    private static boolean isAll(Shapes shapes, String value, double element) {
        return shapes.constant(value)
                .filter(constant -> ConstantElements.covers(constant.type()))
                .filter(constant ->
                        Arrays.stream(ConstantElements.doubles(constant)).allMatch(each -> each == element))
                .isPresent();
    }

    /** Makes every reader of a shape vector read a constant, or the shortest computation from the graph's inputs. */
    private static Graph withPlainShapes(Graph graph, Shapes shapes) {
        GraphEditor editor = new GraphEditor(graph);
        ShapeVectors vectors = new ShapeVectors(graph, editor);
        for (Node node : graph.nodes()) {
            if (shapes.vector(node.output()).isEmpty()) {
                editor.put(withPlainShapes(node, shapes, vectors));
            }
        }
        return editor.build();
    }

    private static Node withPlainShapes(Node node, Shapes shapes, ShapeVectors vectors) {
        Node plain = node;
        for (int i = 0; i < node.inputs().size(); i++) {
            String value = node.input(i);
            Optional<List<Long>> target = i == 1 && node.is("Reshape") ? target(node, shapes) : Optional.empty();
            Optional<String> vector = target.map(vectors::constant)
                    .or(() -> symbolic(value, shapes).flatMap(vectors::vector));
            plain = vector.isPresent() ? plain.withInput(i, vector.get()) : plain;
        }
        return plain;
    }

    private static Optional<List<ScaledSymbol>> symbolic(String value, Shapes shapes) {
        return shapes.vector(value)
                .filter(elements -> shapes.of(value).orElseThrow().size() == 1
                        && !elements.stream().allMatch(ScaledSymbol::isNumber));
    }

    /**
     * Returns a constant in place of a computed target: -1 for the one free extent, 0 for extents equal to the input's.
     */
    private static Optional<List<Long>> target(Node reshape, Shapes shapes) {
        Optional<List<Dim>> to = shapes.of(reshape.output());
        if (to.isEmpty() || shapes.constant(reshape.input(1)).isPresent()) {
            return Optional.empty();
        }
        List<Dim> from = shapes.of(reshape.input(0)).orElse(List.of());
        boolean several = to.get().stream().filter(Dim.Symbol.class::isInstance).count() > 1;
        List<Long> target = new ArrayList<>();
        for (int axis = 0; axis < to.get().size(); axis++) {
            Dim dim = to.get().get(axis);
            boolean kept = several && axis < from.size() && dim.equals(from.get(axis)) && !dim.equals(Dim.unknown());
            target.add(
                    switch (dim) {
                        case Dim.Known(long extent) -> extent;
                        case Dim.Symbol free -> kept ? 0L : -1L;
                    });
        }
        boolean plain = to.get().stream().noneMatch(dim -> dim.is(0))
                && target.stream().filter(extent -> extent == -1).count() <= 1
                && (!several || reshape.intAttribute("allowzero", 0) == 0);
        return plain ? Optional.of(target) : Optional.empty();
    }

    /**
     * Returns the results of {@code evaluator} for nodes that depend on weights alone and that no rule here computed.
     * {@link SizedEvaluation} bounds them; loops and other
     * nodes with sub-graphs, whose number of steps the file decides, are left in the graph.
     */
    private static Map<String, Weight> evaluated(Graph graph, ConstantEvaluator evaluator) {
        SizedEvaluation sizes = new SizedEvaluation(graph);
        Set<String> constant = new HashSet<>(graph.weights().keySet());
        List<Node> nodes = new ArrayList<>();
        Set<String> wanted = new LinkedHashSet<>();
        for (Node node : graph.nodes()) {
            Set<String> reads = node.reads();
            if (node.is(node.op())
                    && !UNFOLDED.contains(node.op())
                    && !reads.isEmpty()
                    && constant.containsAll(reads)
                    && !hasSubgraph(node)
                    && sizes.allow(node)) {
                nodes.add(node);
                constant.addAll(node.outputs());
            } else {
                wanted.addAll(reads);
            }
        }
        wanted.removeAll(graph.outputNames());
        List<ValueInfo> outputs = nodes.stream()
                .flatMap(node -> node.outputs().stream())
                .filter(wanted::contains)
                .map(ValueInfo::named)
                .toList();
        return outputs.isEmpty() ? Map.of() : evaluated(part(graph, nodes, outputs), evaluator, wanted);
    }

    private static Graph part(Graph graph, List<Node> nodes, List<ValueInfo> outputs) {
        Graph part = new Graph(
                graph.name(),
                List.of(),
                outputs,
                nodes,
                graph.weights(),
                Map.of(),
                graph.opsets(),
                Map.of(),
                graph.rest());
        return new GraphEditor(part).build();
    }

    private static Map<String, Weight> evaluated(Graph part, ConstantEvaluator evaluator, Set<String> wanted) {
        Map<String, Weight> found = new LinkedHashMap<>(evaluator.evaluate(part));
        found.keySet().retainAll(wanted);
        return found;
    }
}
