package org.vitrail.canonical;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphEditor;
import org.vitrail.graph.GraphIndex;
import org.vitrail.graph.Node;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.Weight;
import org.vitrail.shape.Shapes;

/**
 * Rewrites a convolution over patches that do not overlap as a matrix product:
 *
 * <pre>
 * image (N, C, H, W) → patches (N, H/k · W/k, C·k·k) · weight (C·k·k, D) + bias → tokens (N, H/k · W/k, D)
 * </pre>
 *
 * ONNX Runtime has a fast int8 product with float output, but no such convolution. Where the graph turns the
 * convolution's (N, D, H/k, W/k) into tokens by Reshape and Transpose, these nodes are removed too.
 */
public final class PatchEmbeddingAsMatMul {
    private PatchEmbeddingAsMatMul() {}

    /** Rewrites every such convolution; the batch may be symbolic. */
    public static Graph rewrite(Graph graph) {
        Shapes shapes = Shapes.infer(graph);
        GraphIndex index = new GraphIndex(graph);
        GraphEditor editor = new GraphEditor(graph);
        for (Node node : graph.nodes()) {
            Patches.of(node, shapes, index).ifPresent(patches -> replace(node, patches, index, shapes, editor));
        }
        return editor.build();
    }

    /**
     * A convolution whose stride equals its kernel, without padding: channels, and the extents of the grid and kernel.
     */
    private record Patches(long channels, long rows, long columns, long height, long width, Weight weight) {
        static Optional<Patches> of(Node node, Shapes shapes, GraphIndex index) {
            Optional<Weight> weight = node.is("Conv")
                    ? index.constant(node.input(1))
                            .filter(kernel -> kernel.type() == DataType.FLOAT && kernel.rank() == 4)
                    : Optional.empty();
            return weight.filter(kernel -> isDisjoint(node, kernel))
                    .filter(kernel ->
                            !node.hasInput(2) || index.constant(node.input(2)).isPresent())
                    .flatMap(kernel -> shapes.of(node.input(0)).flatMap(image -> of(image, kernel)));
        }

        private static boolean isDisjoint(Node node, Weight kernel) {
            List<Long> extents = List.of((long) kernel.extent(2), (long) kernel.extent(3));
            String padding = node.stringAttribute("auto_pad", "NOTSET");
            return kernel.extent(2) > 1
                    && kernel.extent(3) > 1
                    && node.intsAttribute("strides").equals(Optional.of(extents))
                    && node.intsAttribute("pads").orElse(List.of()).stream().allMatch(pad -> pad == 0)
                    && node.intsAttribute("dilations").orElse(List.of()).stream()
                            .allMatch(dilation -> dilation == 1)
                    && node.intAttribute("group", 1) == 1
                    && (padding.equals("NOTSET") || padding.equals("VALID"));
        }

        private static Optional<Patches> of(List<Dim> image, Weight kernel) {
            return image.size() == 4
                            && image.get(1).is(kernel.extent(1))
                            && image.get(2) instanceof Dim.Known(long rows)
                            && image.get(3) instanceof Dim.Known(long columns)
                            && rows % kernel.extent(2) == 0
                            && columns % kernel.extent(3) == 0
                    ? Optional.of(new Patches(
                            kernel.extent(1),
                            rows / kernel.extent(2),
                            columns / kernel.extent(3),
                            kernel.extent(2),
                            kernel.extent(3),
                            kernel))
                    : Optional.empty();
        }

        long count() {
            return rows * columns;
        }

        long size() {
            return channels * height * width;
        }

        int outputs() {
            return weight.extent(0);
        }

        /** Returns the kernel (D, C, k, k) as a matrix (C·k·k, D). */
        Weight matrix() {
            float[] kernel = weight.toFloats();
            int size = Math.toIntExact(size());
            float[] matrix = new float[kernel.length];
            for (int output = 0; output < outputs(); output++) {
                for (int i = 0; i < size; i++) {
                    matrix[i * outputs() + output] = kernel[output * size + i];
                }
            }
            return Weight.ofFloats(new int[] {size, outputs()}, matrix);
        }
    }

    private static void replace(Node conv, Patches patches, GraphIndex index, Shapes shapes, GraphEditor editor) {
        String tokens = tokens(conv, patches, editor);
        for (Node reader : index.consumers(conv.output())) {
            if (isTransposed(reader, index, 0L, 2L, 3L, 1L)) {
                String grid = reshape(editor, tokens, -1, patches.rows(), patches.columns(), patches.outputs());
                editor.redirect(reader.output(), grid, Set.of());
            } else if (isFlattened(reader, patches, shapes)) {
                index.consumers(reader.output()).stream()
                        .filter(next -> isTransposed(next, index, 0L, 2L, 1L))
                        .forEach(next -> editor.redirect(next.output(), tokens, Set.of()));
            }
        }
        // Other readers of the convolution's output keep their input.
        String channelsFirst = transpose(editor, tokens, 0L, 2L, 1L);
        String target = shape(editor, -1, patches.outputs(), patches.rows(), patches.columns());
        editor.put(Node.of("Reshape", List.of(channelsFirst, target), conv.output()));
    }

    private static String tokens(Node conv, Patches patches, GraphEditor editor) {
        String cut = reshape(
                editor,
                conv.input(0),
                -1,
                patches.channels(),
                patches.rows(),
                patches.height(),
                patches.columns(),
                patches.width());
        String gathered = transpose(editor, cut, 0L, 2L, 4L, 1L, 3L, 5L);
        String rows = reshape(editor, gathered, -1, patches.count(), patches.size());
        String matrix = editor.add(conv.input(1), patches.matrix());
        String product = editor.fresh(conv.output() + "_tokens");
        editor.put(new Node(
                conv.name(), "", "MatMul", List.of(rows, matrix), List.of(product), Map.of(), UninterpretedProto.NONE));
        return conv.hasInput(2) ? editor.add("Add", List.of(product, conv.input(2)), product) : product;
    }

    private static boolean isTransposed(Node node, GraphIndex index, Long... order) {
        return node.is("Transpose")
                && node.intsAttribute("perm").equals(Optional.of(List.of(order)))
                && !index.isOutput(node.output());
    }

    /** Returns whether the node reshapes (N, D, H/k, W/k) to (N, D, H/k · W/k). */
    private static boolean isFlattened(Node node, Patches patches, Shapes shapes) {
        List<Dim> shape = shapes.of(node.output()).orElse(List.of());
        return node.is("Reshape")
                && shape.size() == 3
                && shape.get(1).is(patches.outputs())
                && shape.get(2).is(patches.count());
    }

    private static String reshape(GraphEditor editor, String value, long... extents) {
        return editor.add("Reshape", List.of(value, shape(editor, extents)), value + "_patches");
    }

    private static String shape(GraphEditor editor, long... extents) {
        return editor.add("shape", Weight.ofLongs(new int[] {extents.length}, extents));
    }

    private static String transpose(GraphEditor editor, String value, Long... order) {
        return editor.add("Transpose", List.of(value), value + "_turned", Map.of("perm", Attribute.ints(order)));
    }
}
