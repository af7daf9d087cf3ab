package org.vitrail.search;

import java.util.Objects;

/**
 * Two choices that depend on each other, made in turn: fix one and choose the other, and again until nothing changes
 * [P section 3.2]. What comes out is a fixed point: each is the best beside the other, unless the rounds run out before.
 *
 * @param first chosen first in each round
 */
record AlternatingSearch<A, B>(A first, B second) {

    /** The choice of one of the two while the other stays. */
    interface Choice<O, C> {
        /**
         * The best beside {@code other}. Where that moved since the last call, a choice may be a quick one, for it will be
         * asked again; where it did not, it is the last word.
         */
        C best(O other, boolean moved);
    }

    /** Alternates from here, for so many rounds at most. */
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
