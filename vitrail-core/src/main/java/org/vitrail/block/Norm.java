package org.vitrail.block;

import static org.vitrail.block.Pattern.either;
import static org.vitrail.block.Pattern.op;
import static org.vitrail.block.Pattern.plusAnyConstant;
import static org.vitrail.block.Pattern.square;
import static org.vitrail.block.Pattern.times;
import static org.vitrail.block.Pattern.x;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.vitrail.graph.Node;

/**
 * A normalization over the channels of each token, written as one operator or as several.
 *
 * @param scale name of the constant that multiplies the normalized value
 * @param bias name of the constant that is added at the end
 */
public record Norm(Kind kind, String input, String output, Optional<String> scale, Optional<String> bias) {

    /** The kinds of norm, one per row: the fused operator, and the expression before scale and bias. */
    @SuppressWarnings("ImmutableEnumChecker") // lists and patterns here are immutable, which the checker cannot see
    public enum Kind {
        /** (x - mean) / √(variance + ε) */
        LAYER_NORM(
                "layer norm",
                List.of("LayerNormalization"),
                normalised(new Pattern.Named("centred", op("Sub", x(), mean(x()))))),
        /** x / √(mean of squares + ε) */
        RMS_NORM("RMS norm", List.of("RMSNormalization", "SimplifiedLayerNormalization"), normalised(x()));

        private final String label;
        private final List<String> operators;
        private final Pattern pattern;

        Kind(String label, List<String> operators, Pattern pattern) {
            this.label = label;
            this.operators = operators;
            this.pattern = pattern;
        }

        /** Returns the name of the kind in messages and tables. */
        public String label() {
            return label;
        }

        private static Pattern mean(Pattern of) {
            return op("ReduceMean", of);
        }

        private static Pattern normalised(Pattern value) {
            Pattern deviation = op("Sqrt", plusAnyConstant(mean(square(value))));
            return either(op("Div", value, deviation), times(1, value, op("Reciprocal", deviation)));
        }
    }

    /** Returns all norms of a graph, in graph order. */
    static List<Norm> find(DataFlow wiring) {
        return wiring.nodes().stream()
                .flatMap(node -> Stream.of(Kind.values())
                        .flatMap(kind -> at(wiring, kind, node).stream())
                        .limit(1))
                .toList();
    }

    /** Returns whether the node is a norm written as one operator. */
    static boolean isFused(Node node) {
        return Stream.of(Kind.values()).anyMatch(kind -> kind.operators.contains(node.op()));
    }

    private static Optional<Norm> at(DataFlow wiring, Kind kind, Node node) {
        if (kind.operators.contains(node.op())) {
            return Optional.of(new Norm(kind, node.input(0), node.output(), name(node, 1), name(node, 2)));
        }
        return kind.pattern
                .match(wiring, node.output())
                .findFirst()
                .map(match -> spelledOut(wiring, kind, match.get("x"), node));
    }

    private static Optional<String> name(Node node, int input) {
        return node.hasInput(input) ? Optional.of(node.input(input)) : Optional.empty();
    }

    private static Norm spelledOut(DataFlow wiring, Kind kind, String input, Node core) {
        Optional<Node> scaled = wiring.onlyReader(core.output()).filter(node -> node.is("Mul"));
        Optional<String> scale = scaled.flatMap(node -> vector(wiring, node));
        String normalised = scale.isPresent() ? scaled.get().output() : core.output();
        Optional<Node> shifted = wiring.onlyReader(normalised).filter(node -> node.is("Add"));
        Optional<String> bias = shifted.flatMap(node -> vector(wiring, node));
        String output = bias.isPresent() ? shifted.get().output() : normalised;
        return new Norm(kind, input, output, scale, bias);
    }

    private static Optional<String> vector(DataFlow wiring, Node node) {
        return Stream.of(0, 1)
                .map(node::input)
                .filter(wiring::isConstant)
                .map(wiring::source)
                .findFirst();
    }
}
