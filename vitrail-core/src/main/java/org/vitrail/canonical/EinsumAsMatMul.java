package org.vitrail.canonical;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphEditor;
import org.vitrail.graph.Node;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.Weight;
import org.vitrail.shape.Shapes;

/**
 * Rewrites an Einsum of two operands as a matrix product. The indices fall into those of both operands and the result
 * (B), of the left (M) or the right (N) operand and the result, and of both operands alone (K):
 *
 * <pre>
 *   left (B, M, K) · right (B, K, N) → (B, M, N)
 * </pre>
 *
 * Transposes bring the operands into this form, and Reshapes where M, N or K are not one index each. Where there is no
 * B, M stays as it is: a product takes any number of axes before the matrix, and so a linear layer remains a linear
 * layer.
 */
public final class EinsumAsMatMul {
    private final Node node;
    private final GraphEditor editor;
    private final String left;
    private final String right;
    private final String result;
    private final Map<Character, Dim> extents;
    private final String batch;
    private final String rows;
    private final String columns;
    private final String inner;

    private EinsumAsMatMul(
            Node node, GraphEditor editor, String left, String right, String result, Map<Character, Dim> extents) {
        this.node = node;
        this.editor = editor;
        this.left = left;
        this.right = right;
        this.result = result;
        this.extents = extents;
        this.batch = indices(result, index -> has(left, index) && has(right, index));
        this.rows = indices(result, index -> has(left, index) && !has(right, index));
        this.columns = indices(result, index -> !has(left, index) && has(right, index));
        this.inner = indices(left, index -> has(right, index) && !has(result, index));
    }

    /**
     * Rewrites every such Einsum. Those of one or three operands, with an index twice in one operand, with an index
     * that is only summed, or with an ellipsis stay.
     */
    public static Graph rewrite(Graph graph) {
        if (graph.nodes().stream().noneMatch(node -> node.is("Einsum"))) {
            return graph;
        }
        Shapes shapes = Shapes.infer(graph);
        GraphEditor editor = new GraphEditor(graph);
        for (Node node : graph.nodes()) {
            if (node.is("Einsum") && node.inputs().size() == 2) {
                of(node, shapes, editor).filter(EinsumAsMatMul::isProduct).ifPresent(EinsumAsMatMul::write);
            }
        }
        return editor.build();
    }

    private static Optional<EinsumAsMatMul> of(Node node, Shapes shapes, GraphEditor editor) {
        String equation = node.stringAttribute("equation", "").replace(" ", "");
        String[] sides = equation.split("->", -1);
        String[] terms = sides[0].split(",", -1);
        if (terms.length != 2 || equation.contains(".")) {
            return Optional.empty();
        }
        Map<Character, Dim> extents = new HashMap<>();
        for (int side = 0; side < 2; side++) {
            Optional<List<Dim>> shape = shapes.of(node.input(side));
            if (shape.isEmpty() || shape.get().size() != terms[side].length()) {
                return Optional.empty();
            }
            for (int axis = 0; axis < terms[side].length(); axis++) {
                Dim extent = shape.get().get(axis);
                Dim other = extents.put(terms[side].charAt(axis), extent);
                if (other != null && !other.equals(extent)) {
                    return Optional.empty();
                }
            }
        }
        String result = sides.length == 2 ? sides[1] : implied(sides[0]);
        // A constant stands on the right, as in a linear layer.
        boolean swapped = shapes.constant(node.input(0)).isPresent()
                && shapes.constant(node.input(1)).isEmpty();
        Node ordered = swapped ? node.withInputs(node.inputs().reversed()) : node;
        return Optional.of(
                new EinsumAsMatMul(ordered, editor, terms[swapped ? 1 : 0], terms[swapped ? 0 : 1], result, extents));
    }

    /**
     * Returns the result's indices where the equation leaves them out: those that occur once, in alphabetical order.
     */
    private static String implied(String terms) {
        return indices(terms, index -> terms.indexOf(index) == terms.lastIndexOf(index) && index != ',')
                .chars()
                .sorted()
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    private boolean isProduct() {
        boolean once = Stream.of(left, right, result)
                .allMatch(term -> term.chars().distinct().count() == term.length());
        return once
                && !inner.isEmpty()
                && left.length() == batch.length() + rows.length() + inner.length()
                && right.length() == batch.length() + columns.length() + inner.length()
                && result.length() == batch.length() + rows.length() + columns.length()
                && hasTarget(rowsAndInner())
                && hasTarget(List.of(inner, columns))
                && (isMatrix() || hasTarget(axes(behind())));
    }

    /** Without a batch axis the rows may keep their axes. */
    private boolean keepsRows() {
        return batch.isEmpty() && !rows.isEmpty();
    }

    private List<String> rowsAndInner() {
        return keepsRows() ? List.of(inner) : List.of(rows, inner);
    }

    /** Returns the axes of the left operand and the product that stay as they are. */
    private String ahead() {
        return keepsRows() ? rows : batch;
    }

    /** Returns the axes of the result behind those. */
    private String behind() {
        return keepsRows() ? columns : rows + columns;
    }

    private boolean isMatrix() {
        return (keepsRows() || rows.length() == 1) && columns.length() == 1;
    }

    /** Returns whether a Reshape can make these axes: at most one extent may be unknown. */
    private boolean hasTarget(List<String> groups) {
        return isPlain(groups)
                || groups.stream().filter(group -> extent(group) == -1).count() <= 1;
    }

    private static boolean isPlain(List<String> groups) {
        return groups.stream().allMatch(group -> group.length() == 1);
    }

    private static List<String> axes(String indices) {
        return indices.chars().mapToObj(Character::toString).toList();
    }

    private void write() {
        String a = shaped(turned(node.input(0), left, batch + rows + inner), ahead(), rowsAndInner());
        String b = shaped(turned(node.input(1), right, batch + inner + columns), batch, List.of(inner, columns));
        String product = editor.fresh(node.output() + "_product");
        editor.put(new Node(
                node.name(), "", "MatMul", List.of(a, b), List.of(product), Map.of(), UninterpretedProto.NONE));
        String apart = isMatrix() ? product : reshape(product, ahead(), axes(behind()));
        String sorted = turned(apart, batch + rows + columns, result);
        editor.put(new Node("", "", "Identity", List.of(sorted), node.outputs(), Map.of(), UninterpretedProto.NONE));
    }

    /** Transposes the value from the axes {@code from} to the axes {@code to}. */
    private String turned(String value, String from, String to) {
        List<Long> order =
                to.chars().mapToObj(index -> (long) from.indexOf(index)).toList();
        return from.equals(to)
                ? value
                : editor.add("Transpose", List.of(value), value + "_turned", Map.of("perm", new Attribute.Ints(order)));
    }

    /** Merges each group of axes behind those {@code ahead} into one; an empty group becomes an axis of extent 1. */
    private String shaped(String value, String ahead, List<String> groups) {
        return isPlain(groups) ? value : reshape(value, ahead, groups);
    }

    private String reshape(String value, String ahead, List<String> groups) {
        long[] target = new long[ahead.length() + groups.size()];
        for (int i = 0; i < groups.size(); i++) {
            target[ahead.length() + i] = extent(groups.get(i));
        }
        String shape = editor.add("shape", Weight.ofLongs(new int[] {target.length}, target));
        return editor.add("Reshape", List.of(value, shape), value + "_shaped");
    }

    /** Returns the product of these extents; -1 where one is symbolic. */
    private long extent(String group) {
        long product = 1;
        for (String index : axes(group)) {
            if (!(extents.get(index.charAt(0)) instanceof Dim.Known(long extent))) {
                return -1;
            }
            product *= extent;
        }
        return product;
    }

    private static boolean has(String term, int index) {
        return term.indexOf(index) >= 0;
    }

    private static String indices(String term, IntPredicate wanted) {
        return term.chars().filter(wanted).mapToObj(Character::toString).collect(Collectors.joining());
    }
}
