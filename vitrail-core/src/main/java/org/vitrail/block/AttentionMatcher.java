package org.vitrail.block;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.vitrail.block.Attention.Scale;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Node;
import org.vitrail.shape.Shapes;

/** Reads the parts of an {@link Attention} from the graph around one softmax. */
final class AttentionMatcher {
    /** Operators allowed between the products and softmax: scales, masks, guards, windows, changes of layout. */
    private static final Set<String> OPERATORS_AROUND_SOFTMAX = Set.of(
            "Add",
            "Sub",
            "Mul",
            "Div",
            "Where",
            "Clip",
            "Tanh",
            "Min",
            "Max",
            "Reshape",
            "Transpose",
            "Squeeze",
            "Unsqueeze",
            "Flatten",
            "Slice",
            "Split",
            "Gather",
            "Expand",
            "Pad",
            "Concat");

    private final DataFlow wiring;
    private final Shapes shapes;
    private final ProductFinder products;
    private final Node softmax;
    private final Node output;
    private final int probabilitySide;

    /** {@code output} is the product that reads the probabilities. */
    AttentionMatcher(DataFlow wiring, Shapes shapes, ProductFinder products, Node softmax, Node output) {
        this.wiring = wiring;
        this.shapes = shapes;
        this.products = products;
        this.softmax = softmax;
        this.output = output;
        this.probabilitySide = wiring.reaches(softmax, output.input(0)) ? 0 : 1;
    }

    /** Returns whether a node of this kind may lie between the products and softmax. */
    static boolean isBetween(Node node) {
        return OPERATORS_AROUND_SOFTMAX.stream().anyMatch(node::is);
    }

    /** Returns the attention whose scores are this product of queries and keys. */
    Attention scoredBy(Node scores) {
        int querySide = runsOverRows() ? 1 : 0;
        String query = scores.input(querySide);
        String key = scores.input(1 - querySide);
        Collection<Node> before = path(scores, softmax.input(0));
        Collection<Node> behind = path(softmax, output.input(probabilitySide));
        Optional<String> projection = projection();
        return new Attention(
                Optional.of(new Product(scores, Product.Role.SCORES)),
                querySide,
                scales(query, key, before),
                before.stream().flatMap(node -> masks(node, scores)).toList(),
                softmax,
                new Product(output, Product.Role.WEIGHTED_SUM),
                probabilitySide,
                layersBehind(query),
                layersBehind(key),
                layersBehind(output.input(1 - probabilitySide)),
                Stream.concat(before.stream(), behind.stream())
                        .filter(products::isLayer)
                        .map(Node::output)
                        .toList(),
                projection,
                heads(projection),
                extent(query, querySide == 0 ? -1 : -2));
    }

    /**
     * Returns the attention of a pooling layer: its scores come from linear layers, whose matrix is a constant query.
     */
    Attention pooledBy(List<Node> layers) {
        return new Attention(
                Optional.empty(),
                0,
                Set.of(),
                List.of(),
                softmax,
                new Product(output, Product.Role.WEIGHTED_SUM),
                probabilitySide,
                layers.stream().map(Node::output).toList(),
                List.of(),
                layersBehind(output.input(1 - probabilitySide)),
                List.of(),
                Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.empty());
    }

    /** Returns whether softmax runs over the rows of the scores, so that the right operand holds the queries. */
    private boolean runsOverRows() {
        long axis = softmax.intAttribute("axis", -1);
        return axis == -2
                || shapes.of(softmax.input(0))
                        .map(shape -> axis == shape.size() - 2)
                        .orElse(false);
    }

    /** Returns the nodes between a product or softmax and a value computed from it. */
    private Collection<Node> path(Node from, String to) {
        return wiring.passedBehind(to, from::equals, node -> isBetween(node) || products.isLayer(node)).stream()
                .filter(node -> wiring.reaches(from, node))
                .toList();
    }

    private Set<Scale> scales(String query, String key, Collection<Node> beforeSoftmax) {
        Set<Scale> scales = EnumSet.noneOf(Scale.class);
        if (fromLayers(query).stream().anyMatch(this::isScaling)) {
            scales.add(Scale.ON_QUERY);
        }
        if (fromLayers(key).stream().anyMatch(this::isScaling)) {
            scales.add(Scale.ON_KEY);
        }
        if (beforeSoftmax.stream().anyMatch(this::isScaling)) {
            scales.add(Scale.ON_SCORES);
        }
        return scales;
    }

    /** Returns the nodes between an operand and the linear layers that it comes from. */
    private Collection<Node> fromLayers(String operand) {
        return wiring.passedBehind(operand, products::isLayer, this::carriesOn);
    }

    private boolean isScaling(Node node) {
        return (node.is("Mul") || node.is("Div"))
                && node.inputs().stream().anyMatch(value -> wiring.scalar(value).isPresent());
    }

    /**
     * Returns what a node before softmax adds to or selects instead of the scores; a linear layer's bias is not a mask.
     */
    private Stream<String> masks(Node node, Node scores) {
        boolean joins = node.is("Add") || node.is("Sub") || node.is("Where");
        boolean isBias = products.layers().values().stream()
                .anyMatch(layer -> layer.result().equals(node.output()));
        return DataFlow.dataInputs(node).stream()
                .filter(value -> joins && !isBias)
                .filter(value -> !wiring.reaches(scores, value));
    }

    private boolean carriesOn(Node node) {
        return !products.isProduct(node) && !node.is("Softmax");
    }

    /**
     * Returns the linear layers from which an operand comes: the nearest one, or several that read the same value.
     * Empty where several that read different values are combined, as on the residual stream.
     */
    private List<String> layersBehind(String operand) {
        List<Node> layers = wiring.behind(operand, products::isLayer, this::carriesOn);
        long inputs = layers.stream()
                .map(node -> wiring.source(products.layers().get(node.output()).input()))
                .distinct()
                .count();
        return inputs == 1 ? layers.stream().map(Node::output).toList() : List.of();
    }

    /** Returns the nearest linear layer that reads the result. */
    private Optional<String> projection() {
        return wiring.ahead(output.output(), products::isLayer, this::carriesOn).stream()
                .map(Node::output)
                .findFirst();
    }

    /** Returns the number of heads: the input features of the projection, divided by the length of a value vector. */
    private OptionalInt heads(Optional<String> projection) {
        OptionalInt size = extent(output.input(1 - probabilitySide), probabilitySide == 0 ? -1 : -2);
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
                .map(dim -> dim instanceof Dim.Known(long extent) && extent > 0
                        ? OptionalInt.of(Math.toIntExact(extent))
                        : OptionalInt.empty())
                .orElse(OptionalInt.empty());
    }
}
