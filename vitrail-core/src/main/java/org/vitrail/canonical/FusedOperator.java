package org.vitrail.canonical;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.Node;

/**
 * ONNX Runtime's fused operators, one per row, with their decomposition. Source: ONNX Runtime's ContribOperators.md.
 */
@SuppressWarnings("ImmutableEnumChecker") // rules are functions without state
enum FusedOperator {
    /** x/2 · (1 + erf(x/√2)) */
    GELU("Gelu", (node, spelling) -> spelling.gelu(node.input(0), node.output())),
    BIAS_GELU("BiasGelu", (node, spelling) -> spelling.gelu(spelling.sum(node, 0, 1), node.output())),
    /** x/2 · (1 + tanh(√(2/π) · (x + 0.044715·x³))), applied to x + bias where there is one */
    FAST_GELU("FastGelu", (node, spelling) -> spelling.geluTanh(spelling.sum(node, 0, 1), node.output())),
    /** x · sigmoid(α·x) */
    QUICK_GELU(
            "QuickGelu",
            (node, spelling) -> spelling.quickGelu(node.input(0), node.floatAttribute("alpha", 1.702f), node.output())),
    LAYER_NORMALIZATION("LayerNormalization", FusedOperator::norm),
    SKIP_LAYER_NORMALIZATION("SkipLayerNormalization", FusedOperator::skipNorm),
    SKIP_RMS_NORMALIZATION("SkipSimplifiedLayerNormalization", FusedOperator::skipNorm),
    FUSED_MAT_MUL("FusedMatMul", FusedOperator::matMul),
    TRANSPOSE_MAT_MUL("TransposeMatMul", FusedOperator::matMul),
    FUSED_GEMM("FusedGemm", FusedOperator::gemm),
    FUSED_CONV("FusedConv", FusedOperator::convolution),
    ATTENTION("Attention", FusedAttention::packed),
    MULTI_HEAD_ATTENTION("MultiHeadAttention", FusedAttention::separate),
    /** ONNX's own since opset 23 */
    STANDARD_ATTENTION("", "Attention", FusedAttention::standard);

    private static final String CONTRIB_DOMAIN = "com.microsoft";

    private final String domain;
    private final String op;
    private final Rule rule;

    /** Writes the decomposition of a node, as nodes of which the last computes the node's output. */
    @FunctionalInterface
    interface Rule {
        /** Returns whether that was possible: the form is supported, and the shapes that it needs are known. */
        boolean write(Node node, DecompositionBuilder spelling);
    }

    FusedOperator(String op, Rule rule) {
        this(CONTRIB_DOMAIN, op, rule);
    }

    FusedOperator(String domain, String op, Rule rule) {
        this.domain = domain;
        this.op = op;
        this.rule = rule;
    }

    static Optional<FusedOperator> of(Node node) {
        for (FusedOperator operator : values()) {
            if (operator.op.equals(node.op()) && operator.domain.equals(node.domain())) {
                return Optional.of(operator);
            }
        }
        return Optional.empty();
    }

    /** Returns whether the operator is ONNX Runtime's own. */
    static boolean isRuntimes(Node node) {
        return node.domain().equals(CONTRIB_DOMAIN);
    }

    boolean takeApart(Node node, DecompositionBuilder spelling) {
        return rule.write(node, spelling);
    }

    /** The standard operator of the same name, which ONNX Runtime had before ONNX. */
    private static boolean norm(Node node, DecompositionBuilder spelling) {
        spelling.put("LayerNormalization", node.inputs(), node.output(), node.attributes());
        return true;
    }

    /** Norm(x + skip + bias); the fourth output is that sum. The outputs of means and deviations are for training. */
    private static boolean skipNorm(Node node, DecompositionBuilder spelling) {
        boolean isLayerNorm = node.op().equals("SkipLayerNormalization");
        int bias = isLayerNorm ? 4 : 3;
        if (wants(node, 1) || wants(node, 2) || node.outputs().getFirst().isEmpty()) {
            return false;
        }
        String sum = spelling.sum(node, 0, 1, bias);
        if (wants(node, 3)) {
            spelling.put("Identity", List.of(sum), node.outputs().get(3), Map.of());
        }
        List<String> inputs = new ArrayList<>(List.of(sum, node.input(2)));
        if (isLayerNorm && node.hasInput(3)) {
            inputs.add(node.input(3));
        }
        spelling.put(
                isLayerNorm ? "LayerNormalization" : "SimplifiedLayerNormalization",
                inputs,
                node.output(),
                Map.of("axis", Attribute.of(-1), "epsilon", Attribute.of(node.floatAttribute("epsilon", 1e-5f))));
        return true;
    }

    private static boolean wants(Node node, int output) {
        return node.outputs().size() > output && !node.outputs().get(output).isEmpty();
    }

    /** α · A·B, each operand with its axes permuted where the attributes ask for it. */
    private static boolean matMul(Node node, DecompositionBuilder spelling) {
        List<String> operands = new ArrayList<>();
        for (int side = 0; side < 2; side++) {
            boolean turned = node.intAttribute(side == 0 ? "transA" : "transB", 0) != 0;
            boolean fromFront = node.intAttribute(side == 0 ? "transBatchA" : "transBatchB", 0) != 0;
            Optional<String> operand = spelling.turned(node.input(side), turned, fromFront);
            if (operand.isEmpty()) {
                return false;
            }
            operands.add(operand.get());
        }
        float alpha = node.floatAttribute("alpha", 1);
        if (alpha == 1) {
            spelling.put("MatMul", operands, node.output(), Map.of());
        } else {
            String product = spelling.add("MatMul", operands, node.output() + "_product");
            spelling.put("Mul", List.of(product, spelling.number(alpha)), node.output(), Map.of());
        }
        return true;
    }

    private static boolean gemm(Node node, DecompositionBuilder spelling) {
        return activated(
                node, spelling, "Gemm", node.inputs(), "activation_alpha", "activation_beta", "activation_gamma");
    }

    /** activation(convolution + bias + z) */
    private static boolean convolution(Node node, DecompositionBuilder spelling) {
        boolean adds = node.hasInput(3);
        List<String> inputs =
                node.inputs().stream().limit(node.hasInput(2) ? 3 : 2).toList();
        if (!adds) {
            return activated(node, spelling, "Conv", inputs);
        }
        String convolved =
                spelling.add("Conv", inputs, node.output() + "_convolved", withoutActivation(node.attributes()));
        String sum = spelling.add("Add", List.of(convolved, node.input(3)), node.output() + "_sum");
        return spelling.activation(node, sum);
    }

    private static boolean activated(
            Node node, DecompositionBuilder spelling, String op, List<String> inputs, String... parameters) {
        if (node.stringAttribute("activation", "").isEmpty()) {
            spelling.put(op, inputs, node.output(), withoutActivation(node.attributes()));
            return true;
        }
        String before = spelling.add(op, inputs, node.output() + "_before", withoutActivation(node.attributes()));
        return spelling.activation(node, before, parameters);
    }

    private static Map<String, Attribute> withoutActivation(Map<String, Attribute> attributes) {
        Map<String, Attribute> kept = new LinkedHashMap<>(attributes);
        kept.keySet().removeIf(name -> name.startsWith("activation"));
        return kept;
    }
}
