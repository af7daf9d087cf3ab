package org.vitrail.search;

import java.util.Optional;
import java.util.function.Function;

/**
 * A choice among the same candidates in every round of an {@link Alternation}, which remembers the scores that it has seen.
 * One thread at a time.
 */
final class CandidateSearch {
    private final Candidates candidates;
    private final boolean follows;
    private Optional<double[][]> known = Optional.empty();

    private CandidateSearch(Candidates candidates, boolean follows) {
        this.candidates = candidates;
        this.follows = follows;
    }

    /**
     * The first time it looks everywhere. While the other operand moves, the best candidate moves a little with it: then it
     * looks where scores were large in the round before. Once the other stays, it looks at all the rest, so that the last
     * word is that of the whole search.
     */
    static CandidateSearch following(Candidates candidates) {
        return new CandidateSearch(candidates, true);
    }

    /** It looks everywhere whenever the other operand has moved. */
    static CandidateSearch everywhere(Candidates candidates) {
        return new CandidateSearch(candidates, false);
    }

    /**
     * The best candidate of each interval, as {@link Candidates#best(int, Function)} takes them.
     *
     * @param moved whether scores are others than when they were asked for last
     */
    int[] best(int intervals, boolean moved, Function<int[], double[]> scores) {
        double[][] found;
        if (known.isPresent() && !moved) {
            found = candidates.everywhere(known.get(), scores);
        } else if (known.isPresent() && follows) {
            found = candidates.again(known.get(), scores);
        } else {
            found = candidates.everywhere(intervals, scores);
        }
        known = Optional.of(found);
        return Candidates.largest(found);
    }
}
