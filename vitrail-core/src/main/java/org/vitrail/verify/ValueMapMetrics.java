package org.vitrail.verify;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * The agreement of a model's maps of numbers (depth, opacity, saliency) with those of the reference model.
 *
 * @param absoluteError mean absolute difference, in the unit of the maps; NaN without reference
 * @param relativeError mean of {@code |model - reference| / reference} where the reference is positive; NaN for maps with
 * negative numbers
 * @param withinDelta share of those places where neither is 1.25 times the other or more; NaN as above
 * @param iou intersection over union of the places above a threshold
 * @param threshold the threshold, for users
 * @param lost squared difference over the squared deviation of the reference from its mean: {@code 1 - R²}
 */
public record ValueMapMetrics(
        int examples,
        int compared,
        double absoluteError,
        double relativeError,
        double withinDelta,
        double iou,
        String threshold,
        double lost)
        implements TaskMetrics {

    /** The share of the reference's variance that the model explains: {@code R²}, at least 0. */
    @Override
    public OptionalDouble agreement() {
        return compared == 0 ? OptionalDouble.empty() : OptionalDouble.of(Math.max(0, 1 - lost));
    }

    @Override
    public OptionalDouble lostShare() {
        return compared == 0 ? OptionalDouble.empty() : OptionalDouble.of(lost);
    }

    @Override
    public List<MetricValue> figures() {
        return List.of(
                MetricValue.number("mean absolute error", present(absoluteError)),
                MetricValue.share("relative error", present(relativeError)),
                MetricValue.share("δ < 1.25", present(withinDelta)),
                MetricValue.number("IoU above " + threshold, present(iou)),
                MetricValue.share("variance kept", agreement()));
    }

    private OptionalDouble present(double value) {
        return compared == 0 || Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    @Override
    public String found() {
        return String.format(
                Locale.ROOT,
                "the maps of %s keep %.1f %% of the variance of the float model's (mean absolute error %.4g%s%s)",
                TaskMetrics.heldBack(compared),
                100 * agreement().orElse(Double.NaN),
                absoluteError,
                Double.isNaN(withinDelta) ? "" : String.format(Locale.ROOT, ", δ < 1.25 at %.1f %%", 100 * withinDelta),
                Double.isNaN(iou) ? "" : String.format(Locale.ROOT, ", IoU above %s %.3f", threshold, iou));
    }

    @Override
    public String closeness() {
        return String.format(Locale.ROOT, "mean absolute error %.4g", absoluteError);
    }
}
