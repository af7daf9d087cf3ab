package org.vitrail.verify;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * The agreement of a model's per-position classes (dense prediction) with those of the reference model.
 *
 * @param places number of positions compared, over all images
 * @param agreeing number of those to which both models give the same class
 * @param meanIou mean intersection over union of the positions of each class in both models, over the classes that
 * occur; NaN without reference
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
                "%.1f %% of the places in %s get the float model's class (mean IoU %.3f)",
                100 * agreement().orElse(Double.NaN),
                TaskMetrics.heldBack(compared),
                meanIou);
    }

    @Override
    public String closeness() {
        return String.format(Locale.ROOT, "%.2f %% of its scores' energy is lost", 100 * lost);
    }
}
