package org.vitrail.shape;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;

/**
 * Infers element types and extents of a graph's values, symbolic extents included, and the elements of constant values.
 *
 * <p>Symbols are not handled algebraically. The graph is propagated four times with different numbers for each symbol
 * (a batch of 1, 2, 7, 1031), integer computations on shapes included. A result that is the same each time is a
 * constant; a result that is the same multiple of a symbol's number each time is that multiple; every other result
 * depends on the symbols in another way and is unknown. This is how polynomial identities are tested, and it handles
 * any arithmetic that exporters leave in a graph. Only a graph that compares a symbolic extent with a number between
 * those tried could give a wrong result.
 */
public final class Shapes {
    private final SymbolAssignments symbols;
    private final List<Map<String, InferredValue>> trials;

    private Shapes(SymbolAssignments symbols, List<Map<String, InferredValue>> trials) {
        this.symbols = symbols;
        this.trials = trials;
    }

    /** Infers the values of {@code graph}; declarations of the file are used where no rule applies. */
    public static Shapes infer(Graph graph) {
        Map<String, InferredValue> weights = new HashMap<>();
        graph.weights().forEach((name, weight) -> weights.put(name, InferredValue.of(weight)));
        Map<String, InferredValue> constants =
                ShapePropagation.run(graph, weights, info -> Optional.empty(), EvaluationBudget.of(graph));
        EvaluationBudget ofTrials = EvaluationBudget.of(graph);
        SymbolAssignments symbols = new SymbolAssignments();
        List<Map<String, InferredValue>> trials = new ArrayList<>();
        do {
            int trial = trials.size();
            trials.add(ShapePropagation.run(graph, constants, info -> described(info, symbols, trial), ofTrials));
        } while (trials.size() < symbols.trials());
        return new Shapes(symbols, trials);
    }

    private static Optional<InferredValue> described(ValueInfo info, SymbolAssignments symbols, int trial) {
        return info.type()
                .flatMap(type -> info.shape()
                        .map(shape -> InferredValue.of(
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
                                .map(ScaledSymbol::asDim)
                                .orElseGet(Dim::unknown))
                        .toList());
    }

    /** The element type of a value; empty where it is not known. */
    public Optional<DataType> type(String value) {
        return Optional.ofNullable(trials.getFirst().get(value)).map(InferredValue::type);
    }

    /** The elements of a value that are the same for all values of the symbols; empty otherwise. */
    public Optional<Weight> constant(String value) {
        return facts(value)
                .filter(facts -> facts.stream()
                        .allMatch(fact -> fact.constant().isPresent()
                                && fact.constant().equals(facts.getFirst().constant())))
                .flatMap(facts -> facts.getFirst().constant());
    }

    /** The elements of an integer vector or scalar where each is a number or a multiple of a symbol. */
    public Optional<List<ScaledSymbol>> vector(String value) {
        return facts(value)
                .filter(facts -> facts.stream()
                        .allMatch(fact ->
                                fact.constant().isPresent() && fact.type() == DataType.INT64 && fact.rank() <= 1))
                .filter(facts ->
                        facts.stream().map(InferredValue::count).distinct().count() == 1)
                .flatMap(this::lifted);
    }

    private Optional<List<ScaledSymbol>> lifted(List<InferredValue> facts) {
        List<long[]> samples = facts.stream().map(InferredValue::longs).toList();
        List<ScaledSymbol> elements = IntStream.range(0, samples.getFirst().length)
                .mapToObj(i -> symbols.lift(
                        samples.stream().mapToLong(sample -> sample[i]).toArray()))
                .flatMap(Optional::stream)
                .toList();
        return elements.size() == samples.getFirst().length ? Optional.of(elements) : Optional.empty();
    }

    /** The results of all propagations, where each has one and all have the same rank. */
    private Optional<List<InferredValue>> facts(String value) {
        List<InferredValue> facts = trials.stream()
                .filter(trial -> trial.containsKey(value))
                .map(trial -> trial.get(value))
                .toList();
        boolean agree = facts.size() == trials.size()
                && facts.stream().map(InferredValue::rank).distinct().count() == 1;
        return agree ? Optional.of(facts) : Optional.empty();
    }
}
