package org.vitrail.block;

import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.vitrail.block.Attention.Scale;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Node;
import org.vitrail.graph.Shapes;

/** Finds softmax between two products, and the linear layers around it. */
final class Attentions {
    /** What may lie between the products and softmax: scales, masks, guards, windows, changes of layout. */
    private static final Set<String> BETWEEN = Set.of(
            "Add",
            "Sub",
            "Mul",
            "Div",
            "Where",
            "Reshape",
            "Transpose",
            "Squeeze",
            "Unsqueeze",
            "Flatten",
            "Slice",
            "Gather",
            "Expand",
            "Pad",
            "Concat",
            "Clip",
            "Tanh",
            "Min",
            "Max");

    private final Wiring wiring;
    private final Shapes shapes;
    private final Products products;

    Attentions(Wiring wiring, Shapes shapes, Products products) {
        this.wiring = wiring;
        this.shapes = shapes;
        this.products = products;
    }

    /** All attentions, in graph order of their softmax. */
    List<Attention> find() {
        return wiring.nodes().stream()
                .filter(node -> node.is("Softmax"))
                .flatMap(softmax -> at(softmax).stream())
                .toList();
    }

    private Optional<Attention> at(Node softmax) {
        Optional<Node> output = wiring.ahead(softmax.output(), products::isProduct, this::isBetween).stream()
                .findFirst();
        Optional<Node> scores = wiring.behind(softmax.input(0), products::isProduct, this::isBetween).stream()
                .min(Comparator.comparing(this::hasConstantOperand));
        List<Node> straight = wiring.behind(softmax.input(0), products::isLayer, this::isLayout);
        return output.filter(product -> scores.isPresent() || !straight.isEmpty())
                .map(product -> describe(softmax, scores, straight, product));
    }

    /** Position biases may be products too, of queries with a constant; they come after the nearest Q·Kᵀ. */
    private boolean hasConstantOperand(Node product) {
        return wiring.activations(product).size() < 2;
    }

    private boolean isBetween(Node node) {
        return BETWEEN.stream().anyMatch(node::is) || products.isLayer(node);
    }

    private boolean isLayout(Node node) {
        return BETWEEN.stream().anyMatch(node::is);
    }

    private Attention describe(Node softmax, Optional<Node> scores, List<Node> straight, Node output) {
        int querySide = scores.isPresent() && softmaxOverRows(softmax) ? 1 : 0;
        int probabilitySide = wiring.reaches(softmax, output.input(0)) ? 0 : 1;
        Collection<Node> path =
                scores.map(product -> path(product, softmax.input(0))).orElse(List.of());
        Set<Scale> scales = EnumSet.noneOf(Scale.class);
        if (path.stream().anyMatch(this::scales)) {
            scales.add(Scale.ON_SCORES);
        }
        Function<Integer, Boolean> scaled = side -> scores.isPresent()
                && wiring.passedBehind(scores.get().input(side), products::isLayer, node -> !stops(node)).stream()
                        .anyMatch(this::scales);
        if (scaled.apply(querySide)) {
            scales.add(Scale.ON_QUERY);
        }
        if (scaled.apply(1 - querySide)) {
            scales.add(Scale.ON_KEY);
        }
        Set<String> mixers = new LinkedHashSet<>();
        path.stream().filter(products::isLayer).map(Node::output).forEach(mixers::add);
        path(softmax, output.input(probabilitySide)).stream()
                .filter(products::isLayer)
                .map(Node::output)
                .forEach(mixers::add);
        List<String> values = layersBehind(output.input(1 - probabilitySide));
        Optional<String> projection = wiring.ahead(output.output(), products::isLayer, node -> !stops(node)).stream()
                .map(Node::output)
                .findFirst();
        return new Attention(
                scores.map(node -> new Product(node, Product.Role.SCORES)),
                querySide,
                scales,
                path.stream().flatMap(node -> masks(node, scores).stream()).toList(),
                softmax,
                new Product(output, Product.Role.WEIGHTED_SUM),
                probabilitySide,
                scores.map(product -> layersBehind(product.input(querySide)))
                        .orElse(straight.stream().map(Node::output).toList()),
                scores.map(product -> layersBehind(product.input(1 - querySide)))
                        .orElse(List.of()),
                values,
                List.copyOf(mixers),
                scores.isPresent() ? projection : Optional.empty(),
                heads(output, 1 - probabilitySide, projection),
                scores.map(product -> extent(product.input(querySide), querySide == 0 ? -1 : -2))
                        .orElse(OptionalInt.empty()));
    }

    /** Whether softmax runs over the rows of the scores, so that the right operand holds the queries. */
    private boolean softmaxOverRows(Node softmax) {
        long axis = softmax.intAttribute("axis", -1);
        return axis == -2
                || shapes.of(softmax.input(0))
                        .map(shape -> axis == shape.size() - 2)
                        .orElse(false);
    }

    /** The nodes between a product or softmax and a value made from it. */
    private Collection<Node> path(Node from, String to) {
        return wiring.passedBehind(to, from::equals, this::isBetween).stream()
                .filter(node -> wiring.reaches(from, node))
                .toList();
    }

    private boolean scales(Node node) {
        return (node.is("Mul") || node.is("Div"))
                && node.inputs().stream().anyMatch(value -> wiring.scalar(value).isPresent());
    }

    /** What a node between the products adds to the scores, or puts in their place. */
    private List<String> masks(Node node, Optional<Node> scores) {
        if (!node.is("Add") && !node.is("Sub") && !node.is("Where")) {
            return List.of();
        }
        return Wiring.dataInputs(node).stream()
                .filter(value ->
                        scores.map(from -> !wiring.reaches(from, value)).orElse(false))
                .filter(value -> !isMixerBias(node))
                .toList();
    }

    private boolean isMixerBias(Node node) {
        return products.layers().values().stream()
                .anyMatch(layer -> layer.result().equals(node.output()));
    }

    private boolean stops(Node node) {
        return products.isProduct(node) || node.is("Softmax");
    }

    /**
     * The linear layers from which an operand comes: the nearest one, or several that read the same value. None where
     * several that read different values flow together, as on the residual stream.
     */
    private List<String> layersBehind(String operand) {
        List<Node> layers = wiring.behind(operand, products::isLayer, node -> !stops(node));
        long inputs = layers.stream()
                .map(node -> wiring.source(products.layers().get(node.output()).input()))
                .distinct()
                .count();
        return inputs == 1 ? layers.stream().map(Node::output).toList() : List.of();
    }

    /** The features that the projection takes, over the length of a value. */
    private OptionalInt heads(Node output, int valueSide, Optional<String> projection) {
        OptionalInt size = extent(output.input(valueSide), valueSide == 1 ? -1 : -2);
        Optional<Integer> features =
                projection.map(name -> products.layers().get(name).inFeatures());
        return features.isPresent() && size.isPresent() && features.get() % size.getAsInt() == 0
                ? OptionalInt.of(features.get() / size.getAsInt())
                : OptionalInt.empty();
    }

    private OptionalInt extent(String value, int axis) {
        return shapes.of(value)
                .filter(shape -> shape.size() >= -axis)
                .map(shape -> shape.get(shape.size() + axis))
                .filter(dim -> dim instanceof Dim.Known(long extent) && extent > 0)
                .map(dim -> OptionalInt.of(Math.toIntExact(((Dim.Known) dim).extent())))
                .orElse(OptionalInt.empty());
    }
}
