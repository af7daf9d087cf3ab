package org.vitrail.canonical;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphEditor;
import org.vitrail.graph.Node;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.Weight;
import org.vitrail.shape.Shapes;
import org.vitrail.tensor.VitrailException;

/**
 * Upgrades a graph of opset 11 to 20 to a later operator set, up to 21 (which brings 4-bit integers), with the same
 * outputs. Operators whose meaning changed on the way are rewritten; those that the tables do not list are refused.
 *
 * <p>Source: ONNX's Changelog.md. Most new versions of an operator only take more types, or have a new attribute whose
 * default is the old behaviour: those are among {@link #UNCHANGED}.
 */
public final class OpsetUpgrade {
    public static final int NEWEST_TARGET_OPSET = 21;

    /** The oldest opset that recognition, search and export support. */
    public static final int OLDEST = 13;

    /** Operators with the same meaning in every opset from 11 to 21, or since their first version. */
    private static final Set<String> UNCHANGED = names(
            "Abs Acos Acosh Add And ArgMax ArgMin Asin Asinh Atan Atanh BitShift BitwiseAnd BitwiseNot BitwiseOr",
            "BitwiseXor Cast CastLike Ceil Celu CenterCropPad Clip Col2Im Compress Concat ConcatFromSequence Constant",
            "ConstantOfShape Conv ConvInteger ConvTranspose Cos Cosh CumSum DepthToSpace DequantizeLinear Div",
            "DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand EyeLike Flatten Floor GRU Gather GatherElements",
            "GatherND Gelu Gemm GlobalAveragePool GlobalMaxPool Greater GreaterOrEqual HardSigmoid HardSwish",
            "Identity If InstanceNormalization IsInf IsNaN LSTM LayerNormalization LeakyRelu Less LessOrEqual Log",
            "Loop LpNormalization MatMul MatMulInteger Max MaxPool Mean MeanVarianceNormalization Min Mish",
            "Mod Mul Neg NonMaxSuppression NonZero Not OneHot Or PRelu Pad Pow QLinearConv QLinearMatMul",
            "QuantizeLinear RNN Range Reciprocal Relu Reshape Round Scan ScatterElements ScatterND",
            "Selu SequenceAt SequenceConstruct SequenceEmpty SequenceLength Shape Shrink Sigmoid Sign Sin Sinh Size",
            "Slice Softplus Softsign SpaceToDepth SplitToSequence Sqrt Sub Sum Tan Tanh",
            "ThresholdedRelu Tile TopK Transpose Trilu Where Xor");

    private static final Set<String> REDUCTIONS = names(
            "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSumSquare");

    private static final Set<String> NORMALISING = names("Softmax LogSoftmax Hardmax");

    private final int from;
    private final int to;
    private final Shapes shapes;

    private OpsetUpgrade(Graph graph, int to) {
        this.from = graph.opset();
        this.to = to;
        this.shapes = Shapes.infer(graph);
    }

    /**
     * Returns the same graph in opset {@code target}; the graph itself where it has that opset or a later one.
     *
     * @throws VitrailException naming the operators that cannot be upgraded
     */
    public static Graph to(Graph graph, int target) {
        if (target > NEWEST_TARGET_OPSET) {
            throw new IllegalArgumentException(
                    "graphs can be upgraded to opset " + NEWEST_TARGET_OPSET + ", asked for " + target);
        }
        if (graph.opset() >= target) {
            return graph;
        }
        OpsetUpgrade upgrade = new OpsetUpgrade(graph, target);
        Set<String> refused = new TreeSet<>();
        upgrade.refused(graph, refused);
        if (!refused.isEmpty()) {
            throw new VitrailException("the model's opset cannot be raised from " + graph.opset() + " to " + target
                    + ", because the operators " + refused + " may mean something else there; export it with opset "
                    + target);
        }
        Map<String, Integer> opsets = new LinkedHashMap<>(graph.opsets());
        opsets.put("", target);
        return upgrade.rewritten(graph).withOpsets(opsets);
    }

    private boolean crosses(int version) {
        return from < version && version <= to;
    }

    private void refused(Graph graph, Set<String> refused) {
        for (Node node : graph.nodes()) {
            if (node.is(node.op()) && !isKnown(node)) {
                refused.add(node.op());
            }
            bodies(node).values().forEach(body -> refused(body, refused));
        }
    }

    private boolean isKnown(Node node) {
        return switch (node.op()) {
            case "Split", "Squeeze", "Unsqueeze", "ReduceSum", "Dropout", "GridSample", "RoiAlign" -> true;
            case "Resize" ->
                !node.stringAttribute("coordinate_transformation_mode", "").equals("tf_half_pixel_for_nn");
            case "BatchNormalization" -> !crosses(14) || node.outputs().size() == 1;
            case "AveragePool" -> !crosses(19) || node.intAttribute("ceil_mode", 0) == 0;
            case "GroupNormalization" -> !crosses(21);
            default ->
                UNCHANGED.contains(node.op()) || REDUCTIONS.contains(node.op()) || NORMALISING.contains(node.op());
        };
    }

    private Graph rewritten(Graph graph) {
        GraphEditor editor = new GraphEditor(graph);
        for (Node node : graph.nodes()) {
            Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
            bodies(node).forEach((name, body) -> attributes.put(name, new Attribute.Subgraph(rewritten(body))));
            Node current = attributes.equals(node.attributes()) ? node : node.withAttributes(attributes);
            editor.put(node.is(node.op()) ? rewritten(current, editor) : current);
        }
        return editor.build();
    }

    private Node rewritten(Node node, GraphEditor editor) {
        if (REDUCTIONS.contains(node.op())) {
            return crosses(18) ? asInput(node, "axes", editor) : node;
        }
        if (NORMALISING.contains(node.op())) {
            return crosses(13) ? overOneAxis(node, editor) : node;
        }
        return switch (node.op()) {
            case "Squeeze", "Unsqueeze", "ReduceSum" -> crosses(13) ? asInput(node, "axes", editor) : node;
            case "Dropout" -> crosses(12) ? without(node, "ratio") : node;
            case "Split" -> {
                Node sized = crosses(13) ? asInput(node, "split", editor) : node;
                yield crosses(18) && !sized.hasInput(1)
                        ? with(sized, "num_outputs", Attribute.of(node.outputs().size()))
                        : sized;
            }
            case "RoiAlign" ->
                crosses(16) ? with(node, "coordinate_transformation_mode", Attribute.of("output_half_pixel")) : node;
            case "GridSample" ->
                crosses(20)
                        ? with(node, "mode", Attribute.of(interpolation(node.stringAttribute("mode", "bilinear"))))
                        : node;
            default -> node;
        };
    }

    /**
     * Moves an attribute to an input: since opset 13, or 18 for most reductions, lists of axes and sizes are inputs.
     */
    private static Node asInput(Node node, String attribute, GraphEditor editor) {
        Optional<List<Long>> list = node.intsAttribute(attribute);
        if (list.isEmpty()) {
            return node;
        }
        long[] values = list.get().stream().mapToLong(Long::longValue).toArray();
        List<String> inputs = new ArrayList<>(node.inputs());
        inputs.add(editor.add(node.output() + "_" + attribute, Weight.ofLongs(new int[] {values.length}, values)));
        return without(node, attribute).withInputs(inputs);
    }

    /**
     * Rewrites Softmax and similar operators. They ran over all axes from {@code axis} (default 1) on, taken together,
     * and since opset 13 run over one axis (default: the last). Where that differs, the axes are flattened and
     * restored.
     */
    private Node overOneAxis(Node node, GraphEditor editor) {
        long axis = node.intAttribute("axis", 1);
        Node last = with(node, "axis", Attribute.of(-1));
        boolean isLast = axis == -1
                || shapes.of(node.input(0))
                        .filter(shape -> axis == shape.size() - 1)
                        .isPresent();
        if (isLast) {
            return last;
        }
        String flat = editor.add(
                "Flatten", List.of(node.input(0)), node.output() + "_flat", Map.of("axis", Attribute.of(axis)));
        String shape = editor.add("Shape", List.of(node.input(0)), node.output() + "_shape");
        String normal = editor.fresh(node.output() + "_normal");
        editor.put(last.withInputs(List.of(flat)).withOutputs(List.of(normal)));
        // Unnamed: the node before it keeps the name, and node names must be unique.
        return new Node("", "", "Reshape", List.of(normal, shape), node.outputs(), Map.of(), UninterpretedProto.NONE);
    }

    /** Returns the name that opset 20 gave to an interpolation mode. */
    private static String interpolation(String mode) {
        return switch (mode) {
            case "bilinear" -> "linear";
            case "bicubic" -> "cubic";
            default -> mode;
        };
    }

    private static Node with(Node node, String name, Attribute attribute) {
        Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
        attributes.put(name, attribute);
        return node.withAttributes(attributes);
    }

    private static Node without(Node node, String name) {
        Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
        attributes.remove(name);
        return node.withAttributes(attributes);
    }

    private static Map<String, Graph> bodies(Node node) {
        Map<String, Graph> bodies = new LinkedHashMap<>();
        node.attributes().forEach((name, attribute) -> {
            if (attribute instanceof Attribute.Subgraph(Graph body)) {
                bodies.put(name, body);
            }
        });
        return bodies;
    }

    private static Set<String> names(String... lines) {
        return Set.of(String.join(" ", lines).split(" "));
    }
}
