package org.vitrail.block;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.vitrail.graph.Node;

/** A value written as the product, or as the sum, of a constant and other values. */
record FlattenedExpression(double constant, List<String> parts) {
    /** The most nested operators in one expression; residual streams are longer chains of sums than that. */
    private static final int MAX_NESTED_OPERATORS = 4;

    /** Returns all ways to write the value as {@code constant · part · part ...} with this number of parts. */
    static Stream<FlattenedExpression> product(DataFlow wiring, String value, int parts) {
        return expand(wiring, value, parts, Kind.PRODUCT, MAX_NESTED_OPERATORS)
                .filter(expansion -> expansion.parts.size() == parts);
    }

    /** Returns all ways to write the value as {@code constant + part + part ...} with this number of parts. */
    static Stream<FlattenedExpression> sum(DataFlow wiring, String value, int parts) {
        return expand(wiring, value, parts, Kind.SUM, MAX_NESTED_OPERATORS)
                .filter(expansion -> expansion.parts.size() == parts);
    }

    private enum Kind {
        PRODUCT("Mul", "Div", 1),
        SUM("Add", "Sub", 0);

        final String join;
        final String inverse;
        final double neutral;

        Kind(String join, String inverse, double neutral) {
            this.join = join;
            this.inverse = inverse;
            this.neutral = neutral;
        }

        double join(double a, double b) {
            return this == PRODUCT ? a * b : a + b;
        }

        double invert(double a) {
            return this == PRODUCT ? 1 / a : -a;
        }
    }

    private static Stream<FlattenedExpression> expand(DataFlow wiring, String value, int most, Kind kind, int depth) {
        OptionalDouble scalar = wiring.scalar(value);
        if (scalar.isPresent()) {
            return Stream.of(new FlattenedExpression(scalar.getAsDouble(), List.of()));
        }
        if (most == 0 || depth < 0) {
            return Stream.empty();
        }
        return Stream.concat(
                Stream.of(new FlattenedExpression(kind.neutral, List.of(value))),
                wiring.producer(value).stream().flatMap(node -> expandNode(wiring, node, most, kind, depth - 1)));
    }

    private static Stream<FlattenedExpression> expandNode(DataFlow wiring, Node node, int most, Kind kind, int depth) {
        OptionalDouble second = wiring.scalar(node.input(1));
        if (node.is(kind.inverse) && second.isPresent()) {
            double inverted = kind.invert(second.getAsDouble());
            return expand(wiring, node.input(0), most, kind, depth)
                    .map(left -> new FlattenedExpression(kind.join(left.constant, inverted), left.parts));
        }
        if (!node.is(kind.join)) {
            return Stream.empty();
        }
        return expand(wiring, node.input(0), most, kind, depth)
                .flatMap(left -> expand(wiring, node.input(1), most - left.parts.size(), kind, depth)
                        .map(right -> new FlattenedExpression(
                                kind.join(left.constant, right.constant),
                                Stream.concat(left.parts.stream(), right.parts.stream())
                                        .toList())));
    }
}
