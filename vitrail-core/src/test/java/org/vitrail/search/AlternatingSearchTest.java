package org.vitrail.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlternatingSearchTest {
    private static final Candidates CANDIDATES = new Candidates(0.5, 1.2, 100, 3);

    /** An objective with ridges across both axes: the best value of one operand depends on the other. */
    private static double score(int first, int second) {
        double along = (first + second) / 40.0;
        double across = (first - 1.3 * second + 20) / 15.0;
        return Math.cos(along) + 0.6 * Math.cos(2.3 * across) - 0.1 * across * across;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void eachOperandEndsAtTheBestOfAllCandidatesBesideTheOther(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        CandidateSearch firsts = CandidateSearch.following(CANDIDATES);
        CandidateSearch seconds = CandidateSearch.following(CANDIDATES);
        AlternatingSearch<Integer, Integer> found = new AlternatingSearch<>(random.nextInt(100), random.nextInt(100))
                .run(
                        100,
                        (second, moved) -> best(firsts, moved, first -> score(first, second)),
                        (first, moved) -> best(seconds, moved, second -> score(first, second)));
        assertThat(CANDIDATES.best(first -> score(first, found.second()))).isEqualTo(found.first());
        assertThat(CANDIDATES.best(second -> score(found.first(), second))).isEqualTo(found.second());
    }

    private static int best(CandidateSearch search, boolean moved, IntToDoubleFunction score) {
        return search.best(1, moved, choice -> new double[] {score.applyAsDouble(choice[0])})[0];
    }

    @Test
    void aChoiceIsToldWhetherTheOtherMovedAndStopsOnceNothingDoes() {
        List<String> calls = new ArrayList<>();
        AlternatingSearch<Integer, Integer> found = new AlternatingSearch<>(0, 0)
                .run(
                        20,
                        (second, moved) -> {
                            calls.add("first beside " + second + (moved ? ", moved" : ""));
                            return Math.min(2, second + 1);
                        },
                        (first, moved) -> {
                            calls.add("second beside " + first + (moved ? ", moved" : ""));
                            return first;
                        });
        assertThat(found).isEqualTo(new AlternatingSearch<>(2, 2));
        assertThat(calls)
                .containsExactly(
                        "first beside 0",
                        "second beside 1, moved",
                        "first beside 1, moved",
                        "second beside 2, moved",
                        "first beside 2, moved",
                        "second beside 2",
                        "first beside 2",
                        "second beside 2");
    }

    @Test
    void scalesAreComparedByWhatIsInThem() {
        int[] rounds = {0};
        new AlternatingSearch<>(new float[] {1}, 0)
                .run(
                        20,
                        (second, moved) -> {
                            rounds[0]++;
                            return new float[] {1};
                        },
                        (first, moved) -> 0);
        assertThat(rounds[0]).isEqualTo(1);
    }

    @Test
    void noRoundsLeaveEverythingAsItIs() {
        AlternatingSearch<Integer, Integer> start = new AlternatingSearch<>(3, 4);
        assertThat(start.run(0, (second, moved) -> 0, (first, moved) -> 0)).isEqualTo(start);
    }
}
