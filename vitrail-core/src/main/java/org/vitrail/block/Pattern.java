package org.vitrail.block;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.vitrail.graph.Node;

/**
 * An expression to find in a graph, such as {@code x · sigmoid(x)}. Products and sums match in any order and nesting,
 * and their constant parts match by value, so that one pattern covers the forms that different exporters write.
 */
sealed interface Pattern {
    double TOLERANCE = 1e-3;

    /** A value with a name: one name stands for the same value throughout a pattern. */
    record Named(String name, Pattern inner) implements Pattern {}

    /** Any value that is not a constant. */
    record Any() implements Pattern {}

    /** The operator applied to these first inputs; further inputs are ignored. */
    record Op(String op, Predicate<Node> condition, List<Pattern> arguments) implements Pattern {}

    /** {@code constant · factor · factor ...} */
    record Times(double constant, List<Pattern> factors) implements Pattern {}

    /** {@code constant + term + term ...}; NaN matches any constant. */
    record Plus(double constant, List<Pattern> terms) implements Pattern {}

    record Either(List<Pattern> choices) implements Pattern {}

    /** Returns the pattern that matches the input of the whole expression. */
    static Pattern x() {
        return new Named("x", new Any());
    }

    static Pattern op(String op, Pattern... arguments) {
        return new Op(op, node -> true, List.of(arguments));
    }

    static Pattern op(String op, Predicate<Node> condition, Pattern... arguments) {
        return new Op(op, condition, List.of(arguments));
    }

    static Pattern times(double constant, Pattern... factors) {
        return new Times(constant, List.of(factors));
    }

    static Pattern plus(double constant, Pattern... terms) {
        return new Plus(constant, List.of(terms));
    }

    static Pattern plusAnyConstant(Pattern term) {
        return new Plus(Double.NaN, List.of(term));
    }

    static Pattern either(Pattern... choices) {
        return new Either(List.of(choices));
    }

    static Pattern square(Pattern base) {
        return either(new Power(base, 2), times(1, base, base));
    }

    static Pattern cube(Pattern base) {
        return either(new Power(base, 3), times(1, base, base, base));
    }

    /** The base raised to a constant power. */
    record Power(Pattern base, double exponent) implements Pattern {}

    /** Returns all matches of the value, each as the values that the names stand for. */
    default Stream<Map<String, String>> match(DataFlow wiring, String value) {
        return match(wiring, value, Map.of());
    }

    private Stream<Map<String, String>> match(DataFlow wiring, String value, Map<String, String> known) {
        return switch (this) {
            case Any() -> wiring.isConstant(value) ? Stream.empty() : Stream.of(known);
            case Named(String name, Pattern inner) -> {
                String source = wiring.source(value);
                if (known.containsKey(name)) {
                    yield known.get(name).equals(source) ? Stream.of(known) : Stream.empty();
                }
                yield inner.match(wiring, value, known).map(found -> with(found, name, source));
            }
            case Op(String op, Predicate<Node> condition, List<Pattern> arguments) ->
                wiring.producer(value)
                        .filter(node -> node.is(op) && node.inputs().size() >= arguments.size() && condition.test(node))
                        .map(node -> matchAll(arguments, wiring, node.inputs(), known))
                        .orElse(Stream.empty());
            case Power(Pattern base, double exponent) ->
                wiring.producer(value)
                        .filter(node -> node.is("Pow") && close(wiring.scalar(node.input(1)), exponent))
                        .map(node -> base.match(wiring, node.input(0), known))
                        .orElse(Stream.empty());
            case Times(double constant, List<Pattern> factors) ->
                FlattenedExpression.product(wiring, value, factors.size())
                        .filter(expansion -> close(OptionalDouble.of(expansion.constant()), constant))
                        .flatMap(expansion -> matchInAnyOrder(factors, wiring, expansion.parts(), known));
            case Plus(double constant, List<Pattern> terms) ->
                FlattenedExpression.sum(wiring, value, terms.size())
                        .filter(expansion ->
                                Double.isNaN(constant) || close(OptionalDouble.of(expansion.constant()), constant))
                        .flatMap(expansion -> matchInAnyOrder(terms, wiring, expansion.parts(), known));
            case Either(List<Pattern> choices) ->
                choices.stream().flatMap(choice -> choice.match(wiring, value, known));
        };
    }

    private static boolean close(OptionalDouble actual, double wanted) {
        return actual.isPresent() && Math.abs(actual.getAsDouble() - wanted) <= TOLERANCE * Math.abs(wanted);
    }

    private static Map<String, String> with(Map<String, String> known, String name, String value) {
        Map<String, String> more = new HashMap<>(known);
        more.put(name, value);
        return more;
    }

    private static Stream<Map<String, String>> matchAll(
            List<Pattern> patterns, DataFlow wiring, List<String> values, Map<String, String> known) {
        Stream<Map<String, String>> matches = Stream.of(known);
        for (int i = 0; i < patterns.size(); i++) {
            Pattern pattern = patterns.get(i);
            String value = values.get(i);
            matches = matches.flatMap(so -> pattern.match(wiring, value, so));
        }
        return matches;
    }

    private static Stream<Map<String, String>> matchInAnyOrder(
            List<Pattern> patterns, DataFlow wiring, List<String> values, Map<String, String> known) {
        if (patterns.isEmpty()) {
            return Stream.of(known);
        }
        List<Pattern> rest = patterns.subList(1, patterns.size());
        return Stream.iterate(0, i -> i < values.size(), i -> i + 1).flatMap(i -> {
            List<String> others = new ArrayList<>(values);
            String value = others.remove((int) i);
            return patterns.getFirst()
                    .match(wiring, value, known)
                    .flatMap(so -> matchInAnyOrder(rest, wiring, others, so));
        });
    }
}
