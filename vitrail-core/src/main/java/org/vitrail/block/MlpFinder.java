package org.vitrail.block;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vitrail.graph.Node;

/** Finds two linear layers with a nonlinearity between them whose result joins a residual stream. */
final class MlpFinder {
    /** Operators that bend what passes through them, whether or not they make up an activation that has a name. */
    private static final Set<String> NONLINEAR = Set.of(
            "Relu",
            "Gelu",
            "Erf",
            "Tanh",
            "Sigmoid",
            "HardSigmoid",
            "HardSwish",
            "Swish",
            "Mish",
            "Elu",
            "Celu",
            "Selu",
            "LeakyRelu",
            "PRelu",
            "Softplus",
            "Softsign",
            "ThresholdedRelu",
            "Clip",
            "Exp",
            "Max",
            "Min",
            "Abs");

    /** What may lie between the second layer and the sum with the residual stream. */
    private static final Set<String> OPERATORS_BEFORE_RESIDUAL = Set.of(
            "Add",
            "Mul",
            "Reshape",
            "Transpose",
            "Squeeze",
            "Unsqueeze",
            "Slice",
            "Concat",
            "Pad",
            "Flatten",
            "LayerNormalization",
            "RMSNormalization",
            "SimplifiedLayerNormalization",
            "ReduceMean",
            "Sub",
            "Pow",
            "Sqrt",
            "Div",
            "Reciprocal");

    private final DataFlow wiring;
    private final ProductFinder products;
    private final List<Activation> activations;

    MlpFinder(DataFlow wiring, ProductFinder products, List<Activation> activations) {
        this.wiring = wiring;
        this.products = products;
        this.activations = activations;
    }

    /** All MLPs, in graph order of their second layer. */
    List<Mlp> find() {
        return products.layers().values().stream()
                .flatMap(layer -> endingIn(layer).stream())
                .toList();
    }

    private Optional<Mlp> endingIn(LinearLayer contract) {
        if (!mixesChannelsOnly(contract) || !joinsResidual(contract)) {
            return Optional.empty();
        }
        Collection<Node> between = wiring.passedBehind(contract.input(), this::isEnd, node -> true);
        List<LinearLayer> first = wiring.behind(contract.input(), this::isEnd, node -> true).stream()
                .map(node -> products.layers().get(node.output()))
                .toList();
        if (first.contains(null) || !first.stream().allMatch(this::mixesChannelsOnly)) {
            return Optional.empty();
        }
        List<LinearLayer> bent =
                first.stream().filter(layer -> isBent(layer, between)).toList();
        if (first.size() == 1 && bent.size() == 1) {
            return Optional.of(
                    new Mlp(first.getFirst().output(), Optional.empty(), contract.output(), activationAmong(between)));
        }
        if (first.size() == 2
                && bent.size() == 1
                && wiring.same(first.getFirst().input(), first.getLast().input())) {
            List<LinearLayer> expand = new ArrayList<>(first);
            expand.removeAll(bent);
            return Optional.of(new Mlp(
                    expand.getFirst().output(),
                    Optional.of(bent.getFirst().output()),
                    contract.output(),
                    activationAmong(between)));
        }
        return Optional.empty();
    }

    /** Depthwise convolutions between the two layers are passed: they mix neighbours, not channels. */
    private boolean isEnd(Node node) {
        return products.isProduct(node)
                || node.is("Softmax")
                || (products.isLayer(node) && !isDepthwise(products.layers().get(node.output())));
    }

    private static boolean isDepthwise(LinearLayer layer) {
        return layer.isConvolution() && layer.node().intAttribute("group", 1) == layer.outFeatures();
    }

    /** A linear layer over tokens: anything but a convolution that sees more than one position or a group of channels. */
    private boolean mixesChannelsOnly(LinearLayer layer) {
        return !layer.isConvolution()
                || wiring.constant(layer.weight())
                        .map(kernel ->
                                layer.node().intAttribute("group", 1) == 1 && kernel.extent(1) == layer.inFeatures())
                        .orElse(false);
    }

    /** Whether a nonlinearity lies on the way from this layer alone to what the others meet. */
    private boolean isBent(LinearLayer layer, Collection<Node> between) {
        return !wiring.ahead(
                        layer.result(),
                        node -> between.contains(node) && NONLINEAR.contains(node.op()),
                        node -> between.contains(node))
                .isEmpty();
    }

    private Optional<Activation> activationAmong(Collection<Node> between) {
        return activations.stream()
                .filter(activation ->
                        between.stream().anyMatch(node -> node.output().equals(activation.output())))
                .findFirst();
    }

    /** Whether the layer's result is added to another computed value before it is used otherwise. */
    private boolean joinsResidual(LinearLayer layer) {
        return !wiring.ahead(layer.result(), this::isResidualSum, node -> OPERATORS_BEFORE_RESIDUAL.contains(node.op()))
                .isEmpty();
    }

    private boolean isResidualSum(Node node) {
        return node.is("Add") && wiring.activations(node).size() == 2;
    }
}
