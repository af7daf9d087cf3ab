package org.vitrail.canonical;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;
import org.vitrail.tensor.VitrailException;

/** Checks that a model can be quantized: it is not quantized already, and its weights are finite. */
public final class ModelCheck {
    /** Operators that occur only in quantized models, of ONNX's own domain and of ONNX Runtime's. */
    private static final Set<String> QUANTIZED = Set.of(
            "QuantizeLinear",
            "DequantizeLinear",
            "DynamicQuantizeLinear",
            "MatMulInteger",
            "ConvInteger",
            "MatMulIntegerToFloat",
            "DynamicQuantizeMatMul",
            "DynamicQuantizeLSTM",
            "MatMulNBits",
            "MatMulBnb4",
            "GatherBlockQuantized",
            "QAttention",
            "QOrderedMatMul",
            "QGemm");

    private ModelCheck() {}

    /** Returns the first node that shows the model to be quantized already; empty for a float model. */
    public static Optional<Node> quantized(Graph graph) {
        for (Node node : graph.nodes()) {
            if (QUANTIZED.contains(node.op()) || node.op().startsWith("QLinear")) {
                return Optional.of(node);
            }
            for (Attribute attribute : node.attributes().values()) {
                if (attribute instanceof Attribute.Subgraph(Graph body)) {
                    Optional<Node> inside = quantized(body);
                    if (inside.isPresent()) {
                        return inside;
                    }
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Returns the weights that hold NaN, or an infinity among other numbers. A constant of only zeros and infinities is
     * an attention mask, and valid.
     */
    public static List<String> nonFinite(Graph graph) {
        List<String> names = new ArrayList<>();
        for (Map.Entry<String, Weight> entry : graph.weights().entrySet()) {
            if (entry.getValue().isFloating() && isNonFinite(entry.getValue().toFloats())) {
                names.add(entry.getKey());
            }
        }
        return names;
    }

    /**
     * Throws for a model that cannot be quantized.
     *
     * @param file the name of the model in messages
     * @throws VitrailException for a model that is quantized already, or that has NaN or infinite weights
     */
    public static void requireQuantizable(Graph graph, String file) {
        quantized(graph).ifPresent(node -> {
            throw new VitrailException(file + " is quantized already (node " + node.label() + " is a " + node.op()
                    + "): give the float model that it was made from");
        });
        List<String> broken = nonFinite(graph);
        if (!broken.isEmpty()) {
            throw new VitrailException(file + " has weights that are NaN or infinite (" + some(broken)
                    + "): the model is broken; train or export it again");
        }
    }

    private static boolean isNonFinite(float[] values) {
        boolean infinite = false;
        boolean finite = false;
        for (float value : values) {
            if (Float.isNaN(value)) {
                return true;
            }
            infinite |= Float.isInfinite(value);
            finite |= value != 0 && !Float.isInfinite(value);
        }
        return infinite && finite;
    }

    private static String some(List<String> names) {
        int shown = Math.min(3, names.size());
        String list = String.join(", ", names.subList(0, shown));
        return names.size() > shown ? list + " and " + (names.size() - shown) + " more" : list;
    }
}
