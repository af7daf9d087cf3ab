package org.vitrail.block;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.vitrail.graph.Node;
import org.vitrail.shape.Shapes;

/** Finds the attentions of a graph: each softmax between two products. */
final class AttentionFinder {
    private final DataFlow wiring;
    private final Shapes shapes;
    private final ProductFinder products;

    AttentionFinder(DataFlow wiring, Shapes shapes, ProductFinder products) {
        this.wiring = wiring;
        this.shapes = shapes;
        this.products = products;
    }

    /** Returns all attentions, in graph order of their softmax. */
    List<Attention> find() {
        return wiring.nodes().stream()
                .filter(node -> node.is("Softmax"))
                .flatMap(softmax -> at(softmax).stream())
                .toList();
    }

    private Optional<Attention> at(Node softmax) {
        Optional<Node> output = wiring.ahead(softmax.output(), products::isProduct, this::mayLieBetween).stream()
                .findFirst();
        Optional<Node> scores = wiring.behind(softmax.input(0), products::isProduct, this::mayLieBetween).stream()
                .min(Comparator.comparing(this::hasConstantOperand));
        List<Node> constantQuery = wiring.behind(softmax.input(0), products::isLayer, AttentionMatcher::isBetween);
        return output.filter(product -> scores.isPresent() || !constantQuery.isEmpty())
                .map(product -> new AttentionMatcher(wiring, shapes, products, softmax, product))
                .map(around -> scores.map(around::scoredBy).orElseGet(() -> around.pooledBy(constantQuery)));
    }

    /** Position biases may also be products, of queries with a constant; they come after the nearest Q·Kᵀ. */
    private boolean hasConstantOperand(Node product) {
        return wiring.activations(product).size() < 2;
    }

    /** Linear layers between the products mix heads. */
    private boolean mayLieBetween(Node node) {
        return AttentionMatcher.isBetween(node) || products.isLayer(node);
    }
}
