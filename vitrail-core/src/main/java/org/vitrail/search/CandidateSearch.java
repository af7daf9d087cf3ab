package org.vitrail.search;

import java.util.Optional;
import java.util.function.Function;

/**
 * A choice among the same candidates in every round of an {@link AlternatingSearch}, which remembers the scores that it has seen.
 * One thread at a time.
 */
final class CandidateSearch {
    private final Candidates candidates;
    private final boolean follows;
    private Optional<double[][]> everywhere = Optional.empty();
    private double[][] known = {};

    private CandidateSearch(Candidates candidates, boolean follows) {
        this.candidates = candidates;
        this.follows = follows;
    }

    /**
     * The first time it looks everywhere. While the other operand moves, the best candidate moves a little with it: then it
     * looks around what was best in the round before. Once the other stays, it looks again at all that was good when it
     * looked everywhere, for another peak may be the higher one now.
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
        if (everywhere.isEmpty() || (moved && !follows)) {
            known = candidates.everywhere(intervals, scores);
            everywhere = Optional.of(known);
        } else if (moved) {
            known = candidates.near(known, scores);
        } else {
            candidates.reevaluateBest(everywhere.get(), known, scores);
        }
        return Candidates.largest(known);
    }
}
