package org.vitrail.search;

import java.util.Objects;

/**
 * Chooses two values that depend on each other by alternating: fixes one and chooses the other, until nothing changes
 * [P section 3.2]. The result is a fixed point, each value the best beside the other, unless the rounds run out first.
 *
 * @param first the value that is chosen first in each round
 */
record AlternatingSearch<A, B>(A first, B second) {

    /** Chooses one of the two values while the other is fixed. */
    interface Choice<O, C> {
        /**
         * Returns the best value beside {@code other}. If {@code other} moved since the last call, a fast approximate
         * choice is allowed, since another call follows; if it did not, the choice is final.
         */
        C best(O other, boolean moved);
    }

    /** Alternates from this pair, for at most so many rounds. */
    AlternatingSearch<A, B> run(int rounds, Choice<B, A> firsts, Choice<A, B> seconds) {
        AlternatingSearch<A, B> now = this;
        boolean secondMoved = false;
        for (int round = 0; round < rounds; round++) {
            A newFirst = firsts.best(now.second, secondMoved);
            boolean firstMoved = !Objects.deepEquals(newFirst, now.first);
            B newSecond = seconds.best(newFirst, firstMoved);
            boolean wasStill = !secondMoved && !firstMoved;
            secondMoved = !Objects.deepEquals(newSecond, now.second);
            now = new AlternatingSearch<>(newFirst, newSecond);
            if (wasStill && !secondMoved) {
                break;
            }
        }
        return now;
    }
}
