package org.vitrail.shape;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphEditor;
import org.vitrail.graph.GraphIndex;
import org.vitrail.graph.Node;

/**
 * Removes each Expand that is only read by operators which broadcast by themselves, such as the Expand of a mask before
 * the mask is added to the scores. Where all other operands of a reader are single constants, the Expand is moved
 * behind the reader:
 *
 * <pre>
 * Add(scores, Where(Expand(mask), 0, -inf))  =  Add(scores, Where(mask, 0, -inf))
 * </pre>
 */
public final class ExpandElimination {
    private static final Set<String> BROADCASTING_OPERATORS = Set.of(
            "Add",
            "Sub",
            "Mul",
            "Div",
            "Pow",
            "Min",
            "Max",
            "And",
            "Or",
            "Xor",
            "Equal",
            "Less",
            "LessOrEqual",
            "Greater",
            "GreaterOrEqual",
            "Where");

    private final Shapes shapes;
    private final GraphIndex index;
    private final GraphEditor editor;

    private ExpandElimination(Graph graph) {
        this.shapes = Shapes.infer(graph);
        this.index = new GraphIndex(graph);
        this.editor = new GraphEditor(graph);
    }

    public static Graph removed(Graph graph) {
        ExpandElimination expansions = new ExpandElimination(graph);
        graph.nodes().stream()
                .filter(node -> node.is("Expand"))
                .forEach(expand -> expansions.remove(expand.output(), expand.input(0), expand.input(1)));
        return expansions.editor.build();
    }

    /**
     * Makes the readers of {@code value}, which is {@code source} expanded to {@code target}, work without the Expand.
     */
    private void remove(String value, String source, String target) {
        List<Node> readers = index.consumers(value).stream()
                .map(node -> editor.node(node.output()))
                .toList();
        if (!readers.stream().allMatch(reader -> broadcastsWithout(reader, value) || canMoveBehind(reader, value))) {
            return;
        }
        for (Node reader : readers) {
            Node plain = reader.withInputs(reader.inputs().stream()
                    .map(input -> input.equals(value) ? source : input)
                    .toList());
            if (broadcastsWithout(reader, value)) {
                editor.put(plain);
            } else {
                String before = editor.fresh(reader.output());
                editor.put(plain.withOutputs(List.of(before)));
                editor.put(Node.of("Expand", List.of(before, target), reader.output()));
                remove(reader.output(), before, target);
            }
        }
    }

    /** Returns whether the operands other than {@code value} have all the extents of the output. */
    private boolean broadcastsWithout(Node reader, String value) {
        List<Dim> output = shapes.of(reader.output()).orElse(List.of(Dim.unknown()));
        return BROADCASTING_OPERATORS.contains(reader.op())
                && reader.is(reader.op())
                && IntStream.rangeClosed(1, output.size())
                        .allMatch(back -> reader.inputs().stream()
                                .filter(input -> !input.equals(value))
                                .map(shapes::of)
                                .flatMap(Optional::stream)
                                .filter(shape -> shape.size() >= back)
                                .map(shape -> shape.get(shape.size() - back))
                                .anyMatch(dim ->
                                        !dim.equals(Dim.unknown()) && dim.equals(output.get(output.size() - back))));
    }

    /**
     * Returns whether all operands other than {@code value} are single constants, so that the output has the extents of
     * {@code value}.
     */
    private boolean canMoveBehind(Node reader, String value) {
        return BROADCASTING_OPERATORS.contains(reader.op())
                && reader.is(reader.op())
                && shapes.of(value).equals(shapes.of(reader.output()))
                && reader.inputs().stream()
                        .filter(input -> !input.equals(value))
                        .allMatch(input -> shapes.constant(input)
                                .filter(constant -> constant.count() == 1)
                                .isPresent());
    }
}
