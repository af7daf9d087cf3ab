package org.vitrail.canonical;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphEditor;
import org.vitrail.graph.GraphIndex;
import org.vitrail.graph.Node;
import org.vitrail.graph.ScratchFile;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.Weight;
import org.vitrail.shape.Shapes;

/**
 * Rewrites products with a constant as x·W, the form that runs in integers:
 *
 * <pre>
 *   W·x                        →  (xᵀ·Wᵀ)ᵀ
 *   α·Aᵀ·B + β·C   (Gemm)      →  Aᵀ·(α·B) + β·C
 *   x·W, W a stack of matrices →  each part of x times its matrix, side by side again
 * </pre>
 */
public final class RowProducts {
    /**
     * The most matrices of a stack that is split: each becomes a product of its own. Larger stacks stay one product.
     */
    private static final int MAX_MATRICES = 32;

    private final GraphIndex index;
    private final Shapes shapes;
    private final GraphEditor editor;

    private RowProducts(Graph graph) {
        this.index = new GraphIndex(graph);
        this.shapes = Shapes.infer(graph);
        this.editor = new GraphEditor(graph);
    }

    /** Returns the same model; outputs agree to float rounding. */
    public static Graph rewrite(Graph graph) {
        RowProducts products = new RowProducts(graph);
        for (Node node : graph.nodes()) {
            Optional<Weight> left = products.constant(node, 0);
            Optional<Weight> right = products.constant(node, 1);
            if (left.isPresent() == right.isPresent()) {
                continue;
            }
            if (node.is("Gemm")) {
                products.gemm(node, left, right);
            } else if (left.isPresent()) {
                products.turned(node, left.get());
            } else {
                products.stack(node, right.orElseThrow());
            }
        }
        return products.editor.build();
    }

    private Optional<Weight> constant(Node node, int side) {
        return node.is("MatMul") || node.is("Gemm")
                ? index.constant(node.input(side))
                        .filter(weight -> weight.type() == DataType.FLOAT
                                && (node.is("Gemm") ? weight.rank() == 2 : weight.rank() >= 2))
                : Optional.empty();
    }

    private int rank(String value) {
        return shapes.of(value).map(List::size).orElse(0);
    }

    private void turned(Node node, Weight matrix) {
        int rank = rank(node.input(1));
        if (rank < matrix.rank() || matrix.count() != matrix.extent(-1) * matrix.extent(-2)) {
            return;
        }
        String weight = editor.add(node.input(0), transposed(matrix, 1));
        String product = product(node, transpose(node.input(1), rank), weight);
        editor.put(transposeTo(product, rank, node.output()));
    }

    private void gemm(Node node, Optional<Weight> left, Optional<Weight> right) {
        boolean turnLeft = node.intAttribute("transA", 0) != 0;
        boolean turnRight = node.intAttribute("transB", 0) != 0;
        float alpha = node.floatAttribute("alpha", 1);
        boolean constantBias =
                !node.hasInput(2) || index.constant(node.input(2)).isPresent();
        if (right.isPresent() && !turnLeft && alpha == 1 && node.floatAttribute("beta", 1) == 1 && constantBias) {
            return;
        }
        String sum;
        if (right.isPresent()) {
            String rows = turnLeft ? transpose(node.input(0), 2) : node.input(0);
            Weight matrix = turnRight ? transposed(right.get(), alpha) : scaled(right.get(), alpha);
            sum = product(node, rows, editor.add(node.input(1), matrix));
        } else {
            String rows = turnRight ? node.input(1) : transpose(node.input(1), 2);
            Weight matrix = turnLeft ? scaled(left.orElseThrow(), alpha) : transposed(left.orElseThrow(), alpha);
            sum = transpose(product(node, rows, editor.add(node.input(0), matrix)), 2);
        }
        List<String> addends = node.hasInput(2) ? List.of(sum, addend(node)) : List.of(sum);
        editor.put(unnamed(node.hasInput(2) ? "Add" : "Identity", addends, node.output(), Map.of()));
    }

    /** Returns β·C. */
    private String addend(Node gemm) {
        float beta = gemm.floatAttribute("beta", 1);
        if (beta == 1) {
            return gemm.input(2);
        }
        return index.constant(gemm.input(2))
                .filter(Weight::isFloating)
                .map(weight -> editor.add(gemm.input(2), scaled(weight, beta)))
                .orElseGet(() -> editor.add(
                        "Mul",
                        List.of(gemm.input(2), editor.add(gemm.output() + "_beta", Weight.scalar(beta))),
                        gemm.output() + "_addend"));
    }

    /** Splits a stack [… × G × K × N], all other extents 1, against x [… × G or 1 × T × K]. */
    private void stack(Node node, Weight stack) {
        List<Dim> rows = shapes.of(node.input(0)).orElse(List.of());
        int matrixSize = stack.extent(-1) * stack.extent(-2);
        int count = stack.rank() < 3 ? 1 : stack.extent(-3);
        boolean fits = count > 1
                && count <= MAX_MATRICES
                && stack.count() == count * matrixSize
                && rows.size() >= stack.rank()
                && (rows.get(rows.size() - 3).is(count)
                        || rows.get(rows.size() - 3).is(1));
        if (!fits) {
            return;
        }
        float[] values = stack.toFloats();
        int axis = rows.size() - 3;
        boolean shared = rows.get(axis).is(1);
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] matrix = new float[matrixSize];
            System.arraycopy(values, i * matrixSize, matrix, 0, matrixSize);
            String weight =
                    editor.add(node.input(1), Weight.ofFloats(new int[] {stack.extent(-2), stack.extent(-1)}, matrix));
            String part = shared
                    ? node.input(0)
                    : editor.add(
                            "Slice",
                            List.of(node.input(0), ints(i), ints(i + 1L), ints(axis)),
                            node.input(0) + "_part");
            parts.add(product(node.name() + (i == 0 ? "" : " " + i), node, part, weight));
        }
        editor.put(unnamed("Concat", parts, node.output(), Map.of("axis", Attribute.of((long) axis))));
    }

    private String ints(long... values) {
        return editor.add("shape", Weight.ofLongs(new int[] {values.length}, values));
    }

    private String product(Node node, String rows, String weight) {
        return product(node.name(), node, rows, weight);
    }

    private String product(String name, Node node, String rows, String weight) {
        String product = editor.fresh(node.output() + "_rows");
        editor.put(new Node(
                name, "", "MatMul", List.of(rows, weight), List.of(product), Map.of(), UninterpretedProto.NONE));
        return product;
    }

    /** Returns an unnamed node that computes the old node's output; the product takes the old node's name. */
    private static Node unnamed(String op, List<String> inputs, String output, Map<String, Attribute> attributes) {
        return new Node("", "", op, inputs, List.of(output), attributes, UninterpretedProto.NONE);
    }

    private String transpose(String value, int rank) {
        String turned = editor.fresh(value + "_turned");
        editor.put(transposeTo(value, rank, turned));
        return turned;
    }

    /** Exchanges the last two axes. */
    private static Node transposeTo(String value, int rank, String output) {
        Long[] order = IntStream.range(0, rank)
                .mapToObj(axis -> (long) (axis < rank - 2 ? axis : 2 * rank - 3 - axis))
                .toArray(Long[]::new);
        return unnamed("Transpose", List.of(value), output, Map.of("perm", Attribute.ints(order)));
    }

    private static Weight scaled(Weight weight, float factor) {
        float[] values = weight.toFloats();
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
        return ScratchFile.kept(Weight.ofFloats(weight.shape(), values));
    }

    private static Weight transposed(Weight matrix, float factor) {
        int rows = matrix.extent(-2);
        int columns = matrix.extent(-1);
        float[] values = matrix.toFloats();
        float[] turned = new float[values.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                turned[column * rows + row] = factor * values[row * columns + column];
            }
        }
        return ScratchFile.kept(Weight.ofFloats(new int[] {columns, rows}, turned));
    }
}
