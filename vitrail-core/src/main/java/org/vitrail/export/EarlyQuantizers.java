package org.vitrail.export;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.vitrail.canonical.ConvolutionAsMatMul;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphEditor;
import org.vitrail.graph.GraphIndex;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;

/**
 * Moves quantizers of an image before the concatenation of neighbouring positions: {@link ConvolutionAsMatMul} then
 * copies bytes instead of floats kh·kw times, and each number is rounded once.
 *
 * <pre>
 *   Q(Concat(Slice(Pad(x)), …))  =  Concat(Slice(Pad(Q(x))), …)
 * </pre>
 *
 * <p>The codes are the same to the bit: a quantizer with one scale does not depend on a number's position, and the
 * zeros of Pad become its zero point.
 */
final class EarlyQuantizers {
    private static final Set<String> DATA_MOVEMENT_OPERATORS = Set.of("Concat", "Slice", "Pad");

    private final GraphIndex index;
    private final GraphEditor editor;
    private final Node quantizer;
    private final Optional<Node> clip;
    private final Map<String, String> codes = new HashMap<>();

    private EarlyQuantizers(GraphIndex index, GraphEditor editor, Node quantizer) {
        this.index = index;
        this.editor = editor;
        this.quantizer = quantizer;
        this.clip = index.producer(quantizer.input(0)).filter(node -> node.is("Clip"));
    }

    /** Returns the same model; only 8-bit quantizers of one scale behind copies of one value are moved. */
    static Graph rewrite(Graph graph) {
        GraphIndex index = new GraphIndex(graph);
        GraphEditor editor = new GraphEditor(graph);
        for (Node node : graph.nodes()) {
            if (node.is("QuantizeLinear") && isWhole(node, index)) {
                new EarlyQuantizers(index, editor, node).move();
            }
        }
        return editor.build();
    }

    private static boolean isWhole(Node node, GraphIndex index) {
        return index.constant(node.input(1)).filter(scale -> scale.count() == 1).isPresent()
                && index.constant(node.input(2))
                        .filter(zero -> zero.type() == DataType.UINT8)
                        .isPresent();
    }

    private void move() {
        String moved = clip.orElse(quantizer).input(0);
        boolean copies = index.producer(moved).filter(node -> node.is("Concat")).isPresent();
        if (copies && hasOneSource(moved)) {
            String early = early(moved);
            editor.redirect(quantizer.output(), early, Set.of());
        }
    }

    private Optional<Node> mover(String value) {
        return index.producer(value)
                .filter(node -> DATA_MOVEMENT_OPERATORS.stream().anyMatch(node::is))
                .filter(node -> !node.is("Pad") || addsZeros(node));
    }

    private boolean addsZeros(Node pad) {
        return pad.stringAttribute("mode", "constant").equals("constant")
                && (!pad.hasInput(2)
                        || index.constant(pad.input(2))
                                .filter(value -> value.isFloating() && value.count() == 1 && value.toFloats()[0] == 0)
                                .isPresent());
    }

    private static List<String> moved(Node mover) {
        return mover.is("Concat") ? mover.inputs() : List.of(mover.input(0));
    }

    /** Returns whether this value consists of copies of one value. */
    private boolean hasOneSource(String value) {
        int sources = 0;
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(value));
        while (!open.isEmpty() && sources < 2) {
            String next = open.pop();
            if (seen.add(next)) {
                Optional<Node> mover = mover(next);
                mover.ifPresent(node -> open.addAll(moved(node)));
                sources += mover.isPresent() ? 0 : 1;
            }
        }
        return sources == 1;
    }

    /** Returns the codes of a value. */
    private String early(String value) {
        String known = codes.get(value);
        if (known == null) {
            known = mover(value).map(this::ofCodes).orElseGet(() -> quantized(value));
            codes.put(value, known);
        }
        return known;
    }

    private String quantized(String value) {
        String inside = clip.map(
                        node -> editor.add("Clip", node.withInput(0, value).inputs(), value + "_clipped"))
                .orElse(value);
        return editor.add(
                "QuantizeLinear", quantizer.withInput(0, inside).inputs(), value + "_codes", quantizer.attributes());
    }

    /** Adds the node that moves codes as {@code node} moves floats. */
    private String ofCodes(Node node) {
        List<String> inputs = new ArrayList<>(node.inputs());
        for (int i = 0; i < moved(node).size(); i++) {
            inputs.set(i, early(inputs.get(i)));
        }
        if (node.is("Pad")) {
            Weight zero = index.constant(quantizer.input(2)).orElseThrow();
            String zeroPoint = editor.add(quantizer.input(2), zero.reshape());
            if (inputs.size() == 2) {
                inputs.add(zeroPoint);
            }
            inputs.set(2, zeroPoint);
        }
        return editor.add(node.op(), inputs, node.output() + "_codes", node.attributes());
    }
}
