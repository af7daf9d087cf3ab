package org.vitrail.block;

import static org.vitrail.block.Pattern.cube;
import static org.vitrail.block.Pattern.either;
import static org.vitrail.block.Pattern.op;
import static org.vitrail.block.Pattern.plus;
import static org.vitrail.block.Pattern.square;
import static org.vitrail.block.Pattern.times;
import static org.vitrail.block.Pattern.x;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vitrail.graph.Node;

/** An activation function in a graph, written as one operator or as several. */
public record Activation(Kind kind, String input, String output) {

    /** The activation functions, one per row, each with the expressions that exporters write for it. */
    @SuppressWarnings("ImmutableEnumChecker") // lists and patterns here are immutable, which the checker cannot see
    public enum Kind {
        RELU(op("Relu", x())),
        /** x/2 · (1 + erf(x/√2)) */
        GELU(either(
                op("Gelu", node -> !approximated(node), x()),
                times(0.5, x(), plus(1, op("Erf", times(Math.sqrt(0.5), x())))))),
        /** x/2 · (1 + tanh(√(2/π) · (x + 0.044715·x³))) */
        GELU_TANH(either(
                op("Gelu", Kind::approximated, x()),
                times(
                        0.5,
                        x(),
                        plus(1, op("Tanh", times(Math.sqrt(2 / Math.PI), plus(0, x(), times(0.044715, cube(x()))))))),
                times(
                        0.5,
                        x(),
                        plus(
                                1,
                                op(
                                        "Tanh",
                                        times(Math.sqrt(2 / Math.PI), x(), plus(1, times(0.044715, square(x()))))))))),
        /** x · sigmoid(1.702·x) */
        QUICK_GELU(times(1, x(), op("Sigmoid", times(1.702, x())))),
        /** x · sigmoid(x), also called Swish */
        SILU(either(times(1, x(), op("Sigmoid", x())), op("Swish", x()))),
        HARD_SWISH(either(op("HardSwish", x()), times(1, x(), op("HardSigmoid", x())))),
        MISH(op("Mish", x())),
        ELU(op("Elu", x())),
        LEAKY_RELU(op("LeakyRelu", x()));

        private final Pattern pattern;

        Kind(Pattern pattern) {
            this.pattern = pattern;
        }

        private static boolean approximated(Node node) {
            return node.stringAttribute("approximate", "none").equals("tanh");
        }
    }

    /** Returns all activations of a graph, in graph order. */
    static List<Activation> find(DataFlow wiring) {
        List<Activation> found = new ArrayList<>();
        for (Node node : wiring.nodes()) {
            at(wiring, node).ifPresent(found::add);
        }
        return found;
    }

    private static Optional<Activation> at(DataFlow wiring, Node node) {
        for (Kind kind : Kind.values()) {
            Optional<Map<String, String>> match =
                    kind.pattern.match(wiring, node.output()).findFirst();
            if (match.isPresent()) {
                return Optional.of(new Activation(kind, match.get().get("x"), node.output()));
            }
        }
        return Optional.empty();
    }
}
