package org.vitrail.search;

import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import org.vitrail.quantizer.AffineQuantizer;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.quantizer.Symmetry;

/** The choice of an activation's quantizer among scaled forms of one interval, as often as the objective changes. */
final class IntervalSearch {
    private final Interval interval;
    private final BitWidth bits;
    private final Symmetry symmetry;
    private final Candidates candidates;
    private final CandidateSearch symmetric;

    IntervalSearch(Interval interval, BitWidth bits, Symmetry symmetry, Candidates candidates) {
        this.interval = interval;
        this.bits = bits;
        this.symmetry = symmetry;
        this.candidates = candidates;
        this.symmetric = new CandidateSearch(candidates);
    }

    /** The quantizer over the interval as it is. */
    AffineQuantizer initial() {
        return interval.quantizer(bits, symmetry);
    }

    /**
     * The quantizer with the largest score: one factor for both ends, then each end where zero points move. The ends are
     * looked for everywhere each time, since what is best for one follows from where the other is.
     */
    AffineQuantizer best(ToDoubleFunction<AffineQuantizer> score) {
        return switch (symmetry) {
            case SYMMETRIC -> {
                int both =
                        symmetric.best(i -> score.applyAsDouble(quantizer(candidates.factor(i), candidates.factor(i))));
                yield quantizer(candidates.factor(both), candidates.factor(both));
            }
            case ASYMMETRIC -> {
                double both = bestFactor(factor -> score.applyAsDouble(quantizer(factor, factor)));
                double high = bestFactor(factor -> score.applyAsDouble(quantizer(both, factor)));
                double low = bestFactor(factor -> score.applyAsDouble(quantizer(factor, high)));
                yield quantizer(low, high);
            }
        };
    }

    private double bestFactor(DoubleUnaryOperator score) {
        return candidates.factor(candidates.best(i -> score.applyAsDouble(candidates.factor(i))));
    }

    private AffineQuantizer quantizer(double lowFactor, double highFactor) {
        return interval.scaled(lowFactor, highFactor).quantizer(bits, symmetry);
    }
}
