package org.vitrail.canonical;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphEditor;
import org.vitrail.graph.GraphIndex;
import org.vitrail.graph.Node;
import org.vitrail.graph.ScratchFile;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.Weight;

/**
 * Rewrites a transposed convolution as a convolution whose channels are the positions of a block (sub-pixel convolution,
 * Shi et al., CVPR 2016), which {@link ConvolutionAsMatMul} then writes as a matrix product:
 *
 * <pre>
 * (N, C, H, W) → Conv, kernel T×T, T = ⌈k / s⌉ → (N, s·s·D, H + T − 1, W + T − 1) → DepthToSpace s → cropped
 * </pre>
 *
 * <p>With stride s, the output at q = s·a + r, counted before cropping, is Σ_t x[a − t]·w[r + s·t] along each axis, t = 0 …
 * T − 1. Terms whose tap r + s·t is outside of the kernel are zero; there are none where s divides k.
 */
public final class TransposedConvolution {
    private TransposedConvolution() {}

    /**
     * The size of a window that is the same along both axes.
     *
     * @param taps T
     * @param before positions cropped at the beginning of each axis
     * @param after positions cropped at the end
     */
    private record Window(
            int stride, int kernelHeight, int kernelWidth, int taps, List<Long> before, List<Long> after) {}

    /**
     * Rewrites every transposed convolution over two axes that has a constant kernel, one group, one stride for both axes
     * and no dilation. Others stay.
     */
    public static Graph rewrite(Graph graph) {
        GraphIndex index = new GraphIndex(graph);
        GraphEditor editor = new GraphEditor(graph);
        for (Node node : graph.nodes()) {
            if (node.is("ConvTranspose")) {
                Optional<Weight> kernel =
                        index.constant(node.input(1)).filter(weight -> weight.type() == DataType.FLOAT);
                Optional<Weight> bias = node.hasInput(2) ? index.constant(node.input(2)) : Optional.empty();
                if (kernel.isPresent() && (bias.isPresent() || !node.hasInput(2))) {
                    window(node, kernel.get()).ifPresent(window -> replace(editor, node, kernel.get(), bias, window));
                }
            }
        }
        return editor.build();
    }

    private static Optional<Window> window(Node node, Weight kernel) {
        List<Long> strides = node.intsAttribute("strides").orElse(List.of(1L, 1L));
        List<Long> dilations = node.intsAttribute("dilations").orElse(List.of(1L, 1L));
        List<Long> pads = node.intsAttribute("pads").orElse(List.of(0L, 0L, 0L, 0L));
        List<Long> extra = node.intsAttribute("output_padding").orElse(List.of(0L, 0L));
        boolean plain = kernel.rank() == 4
                && node.intAttribute("group", 1) == 1
                && node.stringAttribute("auto_pad", "NOTSET").equals("NOTSET")
                && node.intsAttribute("output_shape").isEmpty()
                && dilations.equals(List.of(1L, 1L))
                && strides.size() == 2
                && strides.get(0) > 0
                && strides.get(0) <= Math.max(kernel.extent(2), kernel.extent(3))
                && strides.get(0).equals(strides.get(1))
                && pads.size() == 4
                && pads.stream().allMatch(pad -> pad >= 0)
                && extra.size() == 2;
        if (!plain) {
            return Optional.empty();
        }
        int stride = strides.getFirst().intValue();
        int taps = Math.ceilDiv(Math.max(kernel.extent(2), kernel.extent(3)), stride);
        List<Long> after = List.of(
                (long) stride * taps - kernel.extent(2) + pads.get(2) - extra.get(0),
                (long) stride * taps - kernel.extent(3) + pads.get(3) - extra.get(1));
        return after.stream().allMatch(cropped -> cropped >= 0)
                ? Optional.of(new Window(stride, kernel.extent(2), kernel.extent(3), taps, pads.subList(0, 2), after))
                : Optional.empty();
    }

    private static void replace(GraphEditor editor, Node node, Weight kernel, Optional<Weight> bias, Window window) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        long pad = window.taps() - 1L;
        attributes.put("pads", Attribute.ints(pad, pad, pad, pad));
        String blocks = editor.fresh(node.output() + "_blocks");
        String weight = editor.add(node.input(1), ofBlocks(kernel, window));
        List<String> inputs = bias.isPresent()
                ? List.of(node.input(0), weight, editor.add(node.input(2), ofBlocks(bias.get(), window.stride())))
                : List.of(node.input(0), weight);
        editor.put(new Node(node.name(), "", "Conv", inputs, List.of(blocks), attributes, UninterpretedProto.NONE));
        String whole = window.stride() == 1
                ? blocks
                : editor.add(
                        "DepthToSpace",
                        List.of(blocks),
                        node.output() + "_whole",
                        Map.of("blocksize", Attribute.of((long) window.stride())));
        List<String> crop = List.of(
                whole,
                ints(editor, window.before().get(0), window.before().get(1)),
                ints(editor, end(window.after().get(0)), end(window.after().get(1))),
                ints(editor, 2, 3));
        // The convolution takes the node's name, which may equal the name of its output.
        editor.put(new Node("", "", "Slice", crop, List.of(node.output()), Map.of(), UninterpretedProto.NONE));
    }

    private static long end(long cropped) {
        return cropped == 0 ? Long.MAX_VALUE : -cropped;
    }

    private static String ints(GraphEditor editor, long... values) {
        return editor.add("shape", Weight.ofLongs(new int[] {values.length}, values));
    }

    /** Returns the kernel (C, D, kh, kw) as that of the convolution, (s·s·D, C, T, T), with its taps reversed. */
    private static Weight ofBlocks(Weight kernel, Window window) {
        int inputs = kernel.extent(0);
        int outputs = kernel.extent(1);
        int stride = window.stride();
        int taps = window.taps();
        float[] from = kernel.toFloats();
        float[] to = new float[Math.multiplyExact(stride * stride * taps * taps, inputs * outputs)];
        for (int c = 0, i = 0; c < inputs; c++) {
            for (int d = 0; d < outputs; d++) {
                for (int y = 0; y < window.kernelHeight(); y++) {
                    for (int x = 0; x < window.kernelWidth(); x++, i++) {
                        int block = y % stride * stride + x % stride;
                        int row = taps - 1 - y / stride;
                        int column = taps - 1 - x / stride;
                        to[(((block * outputs + d) * inputs + c) * taps + row) * taps + column] = from[i];
                    }
                }
            }
        }
        return ScratchFile.kept(Weight.ofFloats(new int[] {stride * stride * outputs, inputs, taps, taps}, to));
    }

    /** Returns the bias repeated for each position of a block. */
    private static Weight ofBlocks(Weight bias, int stride) {
        float[] from = bias.toFloats();
        float[] to = new float[stride * stride * from.length];
        for (int i = 0; i < to.length; i++) {
            to[i] = from[i % from.length];
        }
        return Weight.ofFloats(new int[] {to.length}, to);
    }
}
