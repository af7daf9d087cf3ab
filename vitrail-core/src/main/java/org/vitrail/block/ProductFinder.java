package org.vitrail.block;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.vitrail.block.LinearLayer.Role;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;

/** Divides the nodes that multiply into linear layers, products of two values, and products that are not recognised. */
final class ProductFinder {
    private static final String FUSED_ATTENTION_REASON = "attention fused into one operator";

    /** Operators with multiply-adds that are not recognised as a part, with their description in messages. */
    private static final Map<String, String> UNSUPPORTED_PRODUCTS = Map.ofEntries(
            Map.entry("ConvTranspose", "a transposed convolution"),
            Map.entry("Einsum", "an Einsum"),
            Map.entry("Attention", FUSED_ATTENTION_REASON),
            Map.entry("MultiHeadAttention", FUSED_ATTENTION_REASON),
            Map.entry("GroupQueryAttention", FUSED_ATTENTION_REASON),
            Map.entry("PackedAttention", FUSED_ATTENTION_REASON),
            Map.entry("PackedMultiHeadAttention", FUSED_ATTENTION_REASON),
            Map.entry("FusedConv", "a convolution fused with what lies around it"),
            Map.entry("FusedGemm", "a product fused with what lies around it"),
            Map.entry("FusedMatMul", "a product fused with what lies around it"),
            Map.entry("LSTM", "a recurrent layer"),
            Map.entry("GRU", "a recurrent layer"),
            Map.entry("RNN", "a recurrent layer"),
            Map.entry("DeformConv", "a deformable convolution"),
            Map.entry("If", "a branch with a graph of its own"),
            Map.entry("Loop", "a loop with a graph of its own"),
            Map.entry("Scan", "a loop with a graph of its own"));

    private final DataFlow wiring;
    private final Map<String, LinearLayer> layers = new LinkedHashMap<>();
    private final Map<String, Node> others = new LinkedHashMap<>();
    private final List<Unrecognised> unrecognised = new ArrayList<>();

    ProductFinder(DataFlow wiring) {
        this.wiring = wiring;
        for (Node node : wiring.nodes()) {
            if (node.is("MatMul")) {
                sortMatMul(node);
            } else if (node.is("Gemm")) {
                sortGemm(node);
            } else if (node.is("Conv")) {
                sortConv(node);
            } else if (UNSUPPORTED_PRODUCTS.containsKey(node.op())) {
                unrecognised.add(new Unrecognised(node, UNSUPPORTED_PRODUCTS.get(node.op())));
            }
        }
    }

    /** Returns the linear layers by output, in graph order, without roles. */
    Map<String, LinearLayer> layers() {
        return layers;
    }

    /** Returns the products that are not linear layers, by output, in graph order. */
    Map<String, Node> others() {
        return others;
    }

    List<Unrecognised> unrecognised() {
        return unrecognised;
    }

    /** Returns the products that are not linear layers, with the roles that these attentions give them. */
    List<Product> inRoles(List<Attention> attentions) {
        Map<String, Product> known = new LinkedHashMap<>();
        for (Attention attention : attentions) {
            attention.scores().ifPresent(scores -> known.put(scores.output(), scores));
            known.put(attention.output().output(), attention.output());
        }
        return others.values().stream()
                .map(node -> known.getOrDefault(node.output(), new Product(node, Product.Role.OTHER)))
                .toList();
    }

    /** Returns the reason why a product is neither a linear layer nor part of an attention. */
    String reason(Product product) {
        return wiring.isConstant(product.left()) || wiring.isConstant(product.right())
                ? "a product with a constant that is no matrix of floating-point numbers"
                : "a product of two computed values with no softmax before or behind it";
    }

    /** Returns a node that computes a whole attention; a runtime's optimizer has fused such a model. */
    Optional<Node> fusedAttention() {
        return unrecognised.stream()
                .filter(part -> part.reason().equals(FUSED_ATTENTION_REASON))
                .map(Unrecognised::node)
                .findFirst();
    }

    boolean isLayer(Node node) {
        return layers.containsKey(node.output());
    }

    boolean isProduct(Node node) {
        return others.containsKey(node.output());
    }

    private void sortMatMul(Node node) {
        Optional<Weight> right = matrix(node.input(1));
        Optional<Weight> left = matrix(node.input(0));
        if (right.isPresent() == left.isPresent()) {
            others.put(node.output(), node);
        } else if (right.isPresent()) {
            add(node, 0, right.get(), right.get().rank() - 1, Optional.empty());
        } else {
            add(node, 1, left.get(), left.get().rank() - 2, Optional.empty());
        }
    }

    private void sortGemm(Node node) {
        Optional<Weight> weight = matrix(node.input(1));
        Optional<String> bias = node.hasInput(2) ? Optional.of(node.input(2)) : Optional.empty();
        if (weight.isEmpty()) {
            others.put(node.output(), node);
        } else if (node.intAttribute("transA", 0) != 0) {
            unrecognised.add(new Unrecognised(node, "a Gemm that transposes its data"));
        } else if (node.floatAttribute("alpha", 1) != 1 || node.floatAttribute("beta", 1) != 1) {
            unrecognised.add(new Unrecognised(node, "a Gemm that scales its product"));
        } else if (!bias.map(wiring::isConstant).orElse(true)) {
            unrecognised.add(new Unrecognised(node, "a Gemm that adds a computed value"));
        } else {
            add(node, 0, weight.get(), node.intAttribute("transB", 0) == 0 ? 1 : 0, bias);
        }
    }

    private void sortConv(Node node) {
        Optional<Weight> weight = wiring.constant(node.input(1)).filter(Weight::isFloating);
        if (weight.isEmpty()) {
            unrecognised.add(new Unrecognised(node, "a convolution whose kernel is computed"));
        } else {
            add(node, 0, weight.get(), 0, node.hasInput(2) ? Optional.of(node.input(2)) : Optional.empty());
        }
    }

    /** Returns the constant matrix of this name; leading extents of 1 are ignored. */
    private Optional<Weight> matrix(String value) {
        return wiring.constant(value)
                .filter(weight -> weight.isFloating()
                        && weight.rank() >= 2
                        && weight.count() == weight.extent(-1) * weight.extent(-2));
    }

    private void add(Node node, int dataInput, Weight weight, int outputAxis, Optional<String> ownBias) {
        int outputs = weight.extent(outputAxis);
        String name = wiring.source(node.input(1 - dataInput));
        Optional<Node> sum = ownBias.isPresent() || !node.is("MatMul")
                ? Optional.empty()
                : wiring.onlyReader(node.output())
                        .filter(reader -> bias(reader, outputs, dataInput).isPresent());
        layers.put(
                node.output(),
                new LinearLayer(
                        node,
                        dataInput,
                        name,
                        outputAxis,
                        weight.count() / outputs,
                        outputs,
                        ownBias.or(() -> sum.flatMap(add -> bias(add, outputs, dataInput))),
                        sum.map(Node::output).orElse(node.output()),
                        Role.OTHER,
                        OptionalInt.empty()));
    }

    /** Returns the constant that an Add adds, where it holds one number per output channel along the channel axis. */
    private Optional<String> bias(Node add, int outputs, int dataInput) {
        return Set.of(0, 1).stream()
                .filter(side -> add.is("Add"))
                .map(add::input)
                .filter(value -> wiring.constant(value)
                        .filter(weight -> weight.isFloating()
                                && weight.count() == outputs
                                && (outputs == 1
                                        || (weight.rank() > dataInput && weight.extent(-1 - dataInput) == outputs)))
                        .isPresent())
                .map(wiring::source)
                .findFirst();
    }
}
