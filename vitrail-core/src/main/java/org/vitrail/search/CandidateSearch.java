package org.vitrail.search;

import java.util.Optional;
import java.util.function.Function;

/**
 * Chooses among the same candidates in every round of an {@link AlternatingSearch}, and reuses the scores of earlier
 * rounds. Not thread-safe.
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
     * Evaluates coarse to fine over all candidates the first time. While the other operand moves, the best candidate
     * moves little, so only candidates near the last best one are evaluated. Once the other operand is fixed, all
     * candidates that scored well at first are evaluated again, because another peak may now be higher.
     */
    static CandidateSearch following(Candidates candidates) {
        return new CandidateSearch(candidates, true);
    }

    /** Evaluates coarse to fine over all candidates whenever the other operand has moved. */
    static CandidateSearch everywhere(Candidates candidates) {
        return new CandidateSearch(candidates, false);
    }

    /**
     * Returns the best candidate of each clipping range, as {@link Candidates#best(int, Function)} does.
     *
     * @param moved whether scores differ from those of the last call
     */
    int[] best(int ranges, boolean moved, Function<int[], double[]> scores) {
        if (everywhere.isEmpty() || (moved && !follows)) {
            known = candidates.everywhere(ranges, scores);
            everywhere = Optional.of(known);
        } else if (moved) {
            known = candidates.near(known, scores);
        } else {
            candidates.reevaluateBest(everywhere.get(), known, scores);
        }
        return Candidates.largest(known);
    }
}
