package org.vitrail.search;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;

/**
 * A choice among the same candidates in every round of an alternation. The first looks everywhere. From one round to the
 * next the other operand moves a little, and the best candidate with it: later rounds look where scores were large in the
 * round before. One thread at a time.
 */
final class CandidateSearch {
    private final Candidates candidates;
    private Optional<double[][]> known = Optional.empty();

    CandidateSearch(Candidates candidates) {
        this.candidates = candidates;
    }

    /** The best candidate of each interval, as {@link Candidates#best(int, Function)} takes them. */
    int[] best(int intervals, Function<int[], double[]> scores) {
        double[][] found = known.map(before -> candidates.again(before, scores))
                .orElseGet(() -> candidates.everywhere(intervals, scores));
        known = Optional.of(found);
        return Candidates.largest(found);
    }

    /** The same for a single interval. */
    int best(IntToDoubleFunction score) {
        return best(1, choice -> new double[] {score.applyAsDouble(choice[0])})[0];
    }
}
