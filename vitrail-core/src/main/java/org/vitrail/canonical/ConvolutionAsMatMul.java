package org.vitrail.canonical;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphEditor;
import org.vitrail.graph.GraphIndex;
import org.vitrail.graph.Node;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.Weight;
import org.vitrail.shape.Shapes;

/**
 * Rewrites a convolution as a matrix product over rows that hold the values under the kernel (im2col):
 *
 * <pre>
 * (N, C, H, W) → (N, H, W, C) → padded → neighbours side by side (N, H′, W′, kh·kw·C)
 *              · weight (kh·kw·C, D) + bias → (N, H′, W′, D) → (N, D, H′, W′)
 * </pre>
 *
 * <p>Everything that is done for linear layers then applies to convolutions, including the proof that no 16-bit sum
 * saturates: ONNX Runtime adds in the order of the matrix. Its QLinearConv would need quantized outputs, which cost
 * accuracy, and it computes a QDQ Conv with float output in float.
 *
 * <p>Neighbouring positions are concatenated along the width first, as kw slices of the image, and then along the
 * height, as kh slices of the result; both work for images of any size. The export lets these nodes move codes
 * instead of floats.
 */
public final class ConvolutionAsMatMul {
    private static final int HEIGHT = 1;
    private static final int WIDTH = 2;
    private static final int CHANNELS = 3;

    private final GraphEditor editor;

    private ConvolutionAsMatMul(GraphEditor editor) {
        this.editor = editor;
    }

    /**
     * Rewrites every convolution over two axes that has a constant kernel and one group. Others stay: depthwise
     * convolutions have too few terms per sum to be faster in integers.
     */
    public static Graph rewrite(Graph graph) {
        Shapes shapes = Shapes.infer(graph);
        GraphIndex index = new GraphIndex(graph);
        GraphEditor editor = new GraphEditor(graph);
        for (Node node : graph.nodes()) {
            ConvolutionWindow.of(node, index, shapes)
                    .ifPresent(window -> new ConvolutionAsMatMul(editor)
                            .replace(node, index.constant(node.input(1)).orElseThrow(), window));
        }
        return editor.build();
    }

    private void replace(Node conv, Weight kernel, ConvolutionWindow window) {
        String last = transpose(conv.input(0), conv.output() + "_channels_last", 0L, 2L, 3L, 1L);
        String neighbours = neighbours(last, conv.output(), kernel, window);
        String matrix = editor.add(conv.input(1), matrix(kernel));
        String product = editor.fresh(conv.output() + "_product");
        editor.put(new Node(
                conv.name(),
                "",
                "MatMul",
                List.of(neighbours, matrix),
                List.of(product),
                Map.of(),
                UninterpretedProto.NONE));
        String sum = conv.hasInput(2) ? editor.add("Add", List.of(product, conv.input(2)), product) : product;
        Map<String, Attribute> order = Map.of("perm", Attribute.ints(0L, 3L, 1L, 2L));
        // The product takes the convolution's name, which may equal the name of the convolution's output.
        editor.put(new Node("", "", "Transpose", List.of(sum), List.of(conv.output()), order, UninterpretedProto.NONE));
    }

    /** (N, H, W, C) → (N, H′, W′, kh·kw·C). */
    private String neighbours(String picture, String name, Weight kernel, ConvolutionWindow window) {
        String padded = window.isPadded()
                ? editor.add(
                        "Pad",
                        List.of(
                                picture,
                                ints(0, window.top(), window.left(), 0, 0, window.bottom(), window.right(), 0)),
                        name + "_padded")
                : picture;
        if (kernel.extent(2) == 1 && kernel.extent(3) == 1) {
            return window.strideHeight() == 1 && window.strideWidth() == 1
                    ? padded
                    : slice(
                            padded,
                            name,
                            ints(0, 0),
                            ints(Long.MAX_VALUE, Long.MAX_VALUE),
                            ints(HEIGHT, WIDTH),
                            ints(window.strideHeight(), window.strideWidth()));
        }
        String columns = sideBySide(
                padded, name + "_columns", WIDTH, kernel.extent(3), window.strideWidth(), window.dilationWidth());
        return sideBySide(
                columns, name + "_windows", HEIGHT, kernel.extent(2), window.strideHeight(), window.dilationHeight());
    }

    /** Concatenates, as channels, {@code size} positions that lie {@code dilation} apart along one axis. */
    private String sideBySide(String value, String name, int axis, int size, long stride, long dilation) {
        if (size == 1 && stride == 1) {
            return value;
        }
        List<String> parts = new ArrayList<>();
        for (int position = 0; position < size; position++) {
            long behind = dilation * (size - 1 - position);
            parts.add(slice(
                    value,
                    name,
                    ints(dilation * position),
                    ints(behind == 0 ? Long.MAX_VALUE : -behind),
                    ints(axis),
                    ints(stride)));
        }
        return size == 1
                ? parts.getFirst()
                : editor.add("Concat", parts, name, Map.of("axis", Attribute.of((long) CHANNELS)));
    }

    private String slice(String value, String name, String starts, String ends, String axes, String steps) {
        return editor.add("Slice", List.of(value, starts, ends, axes, steps), name + "_slice");
    }

    private String ints(long... values) {
        return editor.add("shape", Weight.ofLongs(new int[] {values.length}, values));
    }

    private String transpose(String value, String name, Long... order) {
        return editor.add("Transpose", List.of(value), name, Map.of("perm", Attribute.ints(order)));
    }

    /** Returns the kernel (D, C, kh, kw) as a matrix (kh·kw·C, D). */
    private static Weight matrix(Weight kernel) {
        float[] values = kernel.toFloats();
        int outputs = kernel.extent(0);
        int channels = kernel.extent(1);
        int area = kernel.extent(2) * kernel.extent(3);
        float[] matrix = new float[values.length];
        for (int output = 0, i = 0; output < outputs; output++) {
            for (int channel = 0; channel < channels; channel++) {
                for (int position = 0; position < area; position++, i++) {
                    matrix[(position * channels + channel) * outputs + output] = values[i];
                }
            }
        }
        return Weight.ofFloats(new int[] {area * channels, outputs}, matrix);
    }
}
