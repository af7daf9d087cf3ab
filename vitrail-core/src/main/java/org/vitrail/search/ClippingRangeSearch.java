package org.vitrail.search;

import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import org.vitrail.quantizer.AffineQuantizer;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.quantizer.Symmetry;

/** The choice of an activation's quantizer among scaled forms of one interval, as often as the objective changes. */
final class ClippingRangeSearch {
    private final ClippingRange interval;
    private final BitWidth bits;
    private final Symmetry symmetry;
    private final Candidates candidates;
    private final CandidateSearch bothEnds;
    private Optional<AffineQuantizer> last = Optional.empty();

    ClippingRangeSearch(ClippingRange interval, BitWidth bits, Symmetry symmetry, Candidates candidates) {
        this.interval = interval;
        this.bits = bits;
        this.symmetry = symmetry;
        this.candidates = candidates;
        this.bothEnds = CandidateSearch.following(candidates);
    }

    /** The quantizer over the interval as it is. */
    AffineQuantizer initial() {
        return interval.quantizer(bits, symmetry);
    }

    /**
     * The quantizer with the largest score: one factor for both ends, then each end where zero points move. The ends are
     * looked for everywhere each time, since what is best for one follows from where the other is.
     *
     * @param moved whether scores are others than when they were asked for last
     */
    AffineQuantizer best(boolean moved, ToDoubleFunction<AffineQuantizer> score) {
        AffineQuantizer best = switch (symmetry) {
            case SYMMETRIC -> bestOfBothEnds(moved, score);
            case ASYMMETRIC -> last.filter(known -> !moved).orElseGet(() -> bestEnds(score));
        };
        last = Optional.of(best);
        return best;
    }

    private AffineQuantizer bestOfBothEnds(boolean moved, ToDoubleFunction<AffineQuantizer> score) {
        int[] best = bothEnds.best(1, moved, choice -> {
            double factor = candidates.factor(choice[0]);
            return new double[] {score.applyAsDouble(quantizer(factor, factor))};
        });
        return quantizer(candidates.factor(best[0]), candidates.factor(best[0]));
    }

    private AffineQuantizer bestEnds(ToDoubleFunction<AffineQuantizer> score) {
        double both = bestFactor(factor -> score.applyAsDouble(quantizer(factor, factor)));
        double high = bestFactor(factor -> score.applyAsDouble(quantizer(both, factor)));
        double low = bestFactor(factor -> score.applyAsDouble(quantizer(factor, high)));
        return quantizer(low, high);
    }

    private double bestFactor(DoubleUnaryOperator score) {
        return candidates.factor(candidates.best(i -> score.applyAsDouble(candidates.factor(i))));
    }

    private AffineQuantizer quantizer(double lowFactor, double highFactor) {
        return interval.scaled(lowFactor, highFactor).quantizer(bits, symmetry);
    }
}
