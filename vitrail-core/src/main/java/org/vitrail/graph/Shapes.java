package org.vitrail.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Element types and extents of a graph's values, symbolic ones included, and the elements of those that are constant.
 *
 * <p>There is no algebra of symbols here. The graph is walked a few times with a number for each symbol (a batch of 1,
 * 2, 7, 1031), integer computations on shapes included, and what comes out the same each time is a constant; what comes
 * out as the same multiple of a symbol's number is that multiple; all else depends on the symbols in some other way and
 * is unknown. It is how identities of polynomials are tested, and it takes any arithmetic that exporters leave in a
 * graph. Only a graph that compares a symbolic extent with a particular number between those tried could deceive it.
 */
public final class Shapes {
    /** Constants of more elements than this, and than what they are computed from, are not worked out. */
    static final long LIMIT = 1 << 18;

    private final Symbols symbols;
    private final List<Map<String, Fact>> trials;

    private Shapes(Symbols symbols, List<Map<String, Fact>> trials) {
        this.symbols = symbols;
        this.trials = trials;
    }

    /** What can be told of the values of {@code graph}; what the file says of them is asked where no rule tells. */
    public static Shapes infer(Graph graph) {
        Map<String, Fact> weights = new HashMap<>();
        graph.weights().forEach((name, weight) -> weights.put(name, Fact.of(weight)));
        Map<String, Fact> constants = Trial.run(graph, weights, info -> Optional.empty(), LIMIT);
        Symbols symbols = new Symbols();
        List<Map<String, Fact>> trials = new ArrayList<>();
        do {
            int trial = trials.size();
            trials.add(Trial.run(graph, constants, info -> described(info, symbols, trial), LIMIT));
        } while (trials.size() < symbols.trials());
        return new Shapes(symbols, trials);
    }

    private static Optional<Fact> described(ValueInfo info, Symbols symbols, int trial) {
        return info.type()
                .flatMap(type -> info.shape()
                        .map(shape -> Fact.of(
                                type,
                                IntStream.range(0, shape.size())
                                        .map(axis -> symbols.extent(shape.get(axis), info.name(), axis, trial))
                                        .toArray())));
    }

    /** The extents of a value; empty where not even their number is known. */
    public Optional<List<Dim>> of(String value) {
        return facts(value)
                .map(facts -> IntStream.range(0, facts.getFirst().rank())
                        .mapToObj(axis -> symbols.lift(facts.stream()
                                        .mapToLong(fact -> fact.shape()[axis])
                                        .toArray())
                                .map(Multiple::asDim)
                                .orElseGet(Dim::unknown))
                        .toList());
    }

    /** The element type of a value; empty where it is not known. */
    public Optional<DataType> type(String value) {
        return Optional.ofNullable(trials.getFirst().get(value)).map(Fact::type);
    }

    /** The elements of a value that are the same whatever the symbols stand for; empty where they are not. */
    public Optional<Weight> constant(String value) {
        return facts(value)
                .filter(facts -> facts.stream()
                        .allMatch(fact -> fact.constant().isPresent()
                                && fact.constant().equals(facts.getFirst().constant())))
                .flatMap(facts -> facts.getFirst().constant());
    }

    /** The elements of an integer vector or scalar where each is a number or a multiple of a symbol. */
    Optional<List<Multiple>> vector(String value) {
        return facts(value)
                .filter(facts -> facts.stream()
                        .allMatch(fact ->
                                fact.constant().isPresent() && fact.type() == DataType.INT64 && fact.rank() <= 1))
                .filter(facts -> facts.stream().map(Fact::count).distinct().count() == 1)
                .flatMap(this::lifted);
    }

    private Optional<List<Multiple>> lifted(List<Fact> facts) {
        List<long[]> samples = facts.stream().map(Fact::longs).toList();
        List<Multiple> elements = IntStream.range(0, samples.getFirst().length)
                .mapToObj(i -> symbols.lift(
                        samples.stream().mapToLong(sample -> sample[i]).toArray()))
                .flatMap(Optional::stream)
                .toList();
        return elements.size() == samples.getFirst().length ? Optional.of(elements) : Optional.empty();
    }

    /** What each trial found, where all found something and the same rank. */
    private Optional<List<Fact>> facts(String value) {
        List<Fact> facts = trials.stream()
                .filter(trial -> trial.containsKey(value))
                .map(trial -> trial.get(value))
                .toList();
        boolean agree = facts.size() == trials.size()
                && facts.stream().map(Fact::rank).distinct().count() == 1;
        return agree ? Optional.of(facts) : Optional.empty();
    }
}
