package org.vitrail.verify;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * The agreement of a model's masks with those of the reference model, matched as sets by their overlap. Each mask of the
 * reference model counts by its score.
 *
 * @param masks number of masks of the reference model that are not empty
 * @param same share of them that the model has with an IoU of at least .75; NaN where there are none
 * @param meanIou their mean IoU with the mask that they are matched with, 0 where there is none; NaN where there are none
 * @param sameLabel share of the matched ones that have the same class; NaN for masks without classes
 */
public record MaskMetrics(int examples, int compared, int masks, double same, double meanIou, double sameLabel)
        implements TaskMetrics {

    @Override
    public OptionalDouble agreement() {
        return present(same);
    }

    @Override
    public OptionalDouble lostShare() {
        return compared == 0 ? OptionalDouble.empty() : OptionalDouble.of(Double.isNaN(meanIou) ? 0 : 1 - meanIou);
    }

    @Override
    public boolean isJudged() {
        return masks > 0;
    }

    private OptionalDouble present(double value) {
        return compared == 0 || Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    @Override
    public List<MetricValue> figures() {
        return List.of(
                MetricValue.share("same masks", present(same)),
                MetricValue.number("mask IoU", present(meanIou)),
                MetricValue.share("same class", present(sameLabel)));
    }

    @Override
    public String found() {
        return masks == 0
                ? "the float model sees no mask in " + TaskMetrics.heldBack(compared)
                : String.format(
                        Locale.ROOT,
                        "%.1f %% of the float model's masks in %s are seen again (mean IoU %.3f)",
                        100 * same,
                        TaskMetrics.heldBack(compared),
                        meanIou);
    }

    @Override
    public String closeness() {
        return String.format(Locale.ROOT, "mean IoU %.3f", meanIou);
    }
}
