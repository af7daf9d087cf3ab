package org.vitrail.verify;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * How close a model's classes of all places of pictures are to those of the reference model.
 *
 * @param places compared, of all pictures
 * @param agreeing those of them to which both models give the same class
 * @param meanIou places to which both models give a class over those to which any does, mean over the classes that are
 *     given at all; NaN without reference
 * @param lost squared difference of the scores over the squared scores of the reference
 */
public record DenseMetrics(int examples, int compared, long places, long agreeing, double meanIou, double lost)
        implements TaskMetrics {

    @Override
    public OptionalDouble agreement() {
        return places == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) agreeing / places);
    }

    @Override
    public OptionalDouble lostShare() {
        return places == 0 ? OptionalDouble.empty() : OptionalDouble.of(lost);
    }

    @Override
    public List<MetricValue> figures() {
        return List.of(
                MetricValue.share("same places", agreement()),
                MetricValue.number("mean IoU", places == 0 ? OptionalDouble.empty() : OptionalDouble.of(meanIou)));
    }

    @Override
    public String found() {
        return String.format(
                Locale.ROOT,
                "%.1f %% of the places in %d held-back images get the float model's class (mean IoU %.3f)",
                100 * agreement().orElse(Double.NaN),
                compared,
                meanIou);
    }

    @Override
    public String closeness() {
        return String.format(Locale.ROOT, "%.2f %% of its scores' energy is lost", 100 * lost);
    }
}
