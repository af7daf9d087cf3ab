package org.vitrail.search;

import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import org.vitrail.quantizer.AffineQuantizer;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.quantizer.Symmetry;

/** Searches an activation's quantizer among scaled forms of one clipping range, each time the objective changes. */
final class ClippingRangeSearch {
    private final ClippingRange range;
    private final BitWidth bits;
    private final Symmetry symmetry;
    private final Candidates candidates;
    private final CandidateSearch bothEnds;
    private Optional<AffineQuantizer> last = Optional.empty();

    ClippingRangeSearch(ClippingRange range, BitWidth bits, Symmetry symmetry, Candidates candidates) {
        this.range = range;
        this.bits = bits;
        this.symmetry = symmetry;
        this.candidates = candidates;
        this.bothEnds = CandidateSearch.following(candidates);
    }

    /** Returns the quantizer over the unscaled range. */
    AffineQuantizer initial() {
        return range.quantizer(bits, symmetry);
    }

    /**
     * Returns the quantizer with the largest score: searches one factor for both ends, then each end where the zero
     * point may move. Each end is searched over all candidates every time, because the best value of one depends on the
     * other.
     *
     * @param moved whether scores differ from those of the last call
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
        return range.scaled(lowFactor, highFactor).quantizer(bits, symmetry);
    }
}
