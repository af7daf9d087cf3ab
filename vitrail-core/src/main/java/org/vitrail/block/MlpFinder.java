package org.vitrail.block;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vitrail.graph.Node;

/**
 * Finds the MLPs of a graph: two linear layers with a nonlinearity between them whose result joins a residual stream.
 */
final class MlpFinder {
    /** Nonlinear operators, whether or not they form an activation of {@link Activation.Kind}. */
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

    /** Operators allowed between the second layer and the sum with the residual stream. */
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

    /** Returns all MLPs, in graph order of their second layer. */
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
                first.stream().filter(layer -> hasNonlinearity(layer, between)).toList();
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

    /** Depthwise convolutions between the two layers are passed: they mix neighbouring positions, not channels. */
    private boolean isEnd(Node node) {
        return products.isProduct(node)
                || node.is("Softmax")
                || (products.isLayer(node) && !isDepthwise(products.layers().get(node.output())));
    }

    private static boolean isDepthwise(LinearLayer layer) {
        return layer.isConvolution() && layer.node().intAttribute("group", 1) == layer.outFeatures();
    }

    /**
     * A linear layer over tokens: anything but a convolution over more than one position or over a group of channels.
     */
    private boolean mixesChannelsOnly(LinearLayer layer) {
        return !layer.isConvolution()
                || wiring.constant(layer.weight())
                        .map(kernel ->
                                layer.node().intAttribute("group", 1) == 1 && kernel.extent(1) == layer.inFeatures())
                        .orElse(false);
    }

    /** Returns whether a nonlinearity lies on the path from this layer alone to where it meets the others. */
    private boolean hasNonlinearity(LinearLayer layer, Collection<Node> between) {
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

    /** Returns whether the layer's result is added to another computed value before any other use. */
    private boolean joinsResidual(LinearLayer layer) {
        return !wiring.ahead(layer.result(), this::isResidualSum, node -> OPERATORS_BEFORE_RESIDUAL.contains(node.op()))
                .isEmpty();
    }

    private boolean isResidualSum(Node node) {
        return node.is("Add") && wiring.activations(node).size() == 2;
    }
}
