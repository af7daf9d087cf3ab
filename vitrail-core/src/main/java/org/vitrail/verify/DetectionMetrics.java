package org.vitrail.verify;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.vitrail.detection.CocoMetrics;

/**
 * The metrics of a detector on some examples.
 *
 * @param annotated number of examples whose objects are known
 * @param coco COCO metrics by the known objects; empty where none are known
 * @param cocoToReference COCO metrics with the reference model's confident detections as ground truth; empty where it
 * has none
 * @param referenceBoxes number of confident detections of the reference model
 * @param boxes number of confident detections of the model
 * @param matched number of pairs of these of the same class with an IoU of at least .5
 * @param meanMatchedIou mean IoU of those pairs; NaN where there are none
 * @param klNats sum over queries of KL(reference || model) of their classes
 * @param decidedNats sum over queries of KL(reference || uniform): how confident the reference model is
 * @param distance mean {@link DetectionDistance} to the reference model's detections of the same image; NaN for detectors
 * whose queries answer in one order, which the divergence compares
 * @param distanceOfOthers mean distance of the reference model's detections of an image to those of the image before
 */
public record DetectionMetrics(
        int examples,
        int annotated,
        int compared,
        Optional<CocoMetrics> coco,
        Optional<CocoMetrics> cocoToReference,
        int referenceBoxes,
        int boxes,
        int matched,
        double meanMatchedIou,
        double klNats,
        double decidedNats,
        double distance,
        double distanceOfOthers)
        implements TaskMetrics {

    /**
     * The share of all detections of either model that the other model has too, {@code 2·matched / (a + b)}; of sets, which
     * hold detections of any score, what is not lost.
     */
    @Override
    public OptionalDouble agreement() {
        return isSet() && distanceOfOthers > 0
                ? OptionalDouble.of(Math.max(0, 1 - lostShare().orElse(1)))
                : sameBoxes();
    }

    private OptionalDouble sameBoxes() {
        return referenceBoxes + boxes == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(2.0 * matched / (referenceBoxes + boxes));
    }

    private boolean isSet() {
        return !Double.isNaN(distance);
    }

    /**
     * The share of the class scores' information that is lost; of sets, the squared distance to the reference model over
     * the squared distance between images.
     */
    @Override
    public OptionalDouble lostShare() {
        if (compared == 0) {
            return OptionalDouble.empty();
        }
        if (!isSet()) {
            return OptionalDouble.of(klNats / Math.max(decidedNats, 1e-12));
        }
        double relative = distance == 0 ? 0 : distance / (distanceOfOthers > 0 ? distanceOfOthers : 1);
        return OptionalDouble.of(relative * relative);
    }

    @Override
    public OptionalDouble divergence() {
        return isSet() && compared > 0 ? OptionalDouble.of(distance) : lostShare();
    }

    @Override
    public List<MetricValue> figures() {
        return List.of(
                MetricValue.number("AP", of(coco, CocoMetrics::ap)),
                MetricValue.number("AP50", of(coco, CocoMetrics::ap50)),
                MetricValue.number("AP75", of(coco, CocoMetrics::ap75)),
                MetricValue.detail("AP small", of(coco, CocoMetrics::apSmall)),
                MetricValue.detail("AP medium", of(coco, CocoMetrics::apMedium)),
                MetricValue.detail("AP large", of(coco, CocoMetrics::apLarge)),
                MetricValue.detail("AR1", of(coco, CocoMetrics::ar1)),
                MetricValue.detail("AR10", of(coco, CocoMetrics::ar10)),
                MetricValue.detail("AR100", of(coco, CocoMetrics::ar100)),
                MetricValue.detail("AR small", of(coco, CocoMetrics::arSmall)),
                MetricValue.detail("AR medium", of(coco, CocoMetrics::arMedium)),
                MetricValue.detail("AR large", of(coco, CocoMetrics::arLarge)),
                MetricValue.share("same boxes", compared == 0 ? OptionalDouble.empty() : sameBoxes()),
                MetricValue.number("their IoU", present(meanMatchedIou)),
                MetricValue.number("AP to float", of(cocoToReference, CocoMetrics::ap)),
                MetricValue.number("distance", present(distance)),
                MetricValue.number("between images", isSet() ? present(distanceOfOthers) : OptionalDouble.empty()),
                MetricValue.share("lost", lostShare()));
    }

    private static OptionalDouble of(Optional<CocoMetrics> figures, ToDoubleFunction<CocoMetrics> figure) {
        return figures.map(all -> present(figure.applyAsDouble(all))).orElse(OptionalDouble.empty());
    }

    private static OptionalDouble present(double value) {
        return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    @Override
    public String found() {
        return isSet() && distanceOfOthers > 0 ? foundOfSets() : foundOfBoxes();
    }

    private String foundOfSets() {
        return String.format(
                Locale.ROOT,
                "matched as sets, the detections in %s lie %.3f from the float model's, against %.3f between images"
                        + " (of boxes, classes and scores together%s)",
                TaskMetrics.heldBack(compared),
                distance,
                distanceOfOthers,
                referenceBoxes + boxes == 0
                        ? ""
                        : "; " + matched + " of the " + referenceBoxes
                                + " boxes with a score of .5 are seen again, and " + (boxes - matched) + " others");
    }

    private String foundOfBoxes() {
        return sameBoxes().isEmpty()
                ? "neither model sees an object in the " + TaskMetrics.heldBack(compared)
                : String.format(
                        Locale.ROOT,
                        "%d of the %d boxes that the float model sees in %s are seen again, and %d others (agreement"
                                + " %.1f %%)",
                        matched,
                        referenceBoxes,
                        TaskMetrics.heldBack(compared),
                        boxes - matched,
                        100 * sameBoxes().getAsDouble());
    }

    @Override
    public String closeness() {
        return isSet()
                ? String.format(Locale.ROOT, "a mean distance of the detections of %.3f", distance)
                : String.format(
                        Locale.ROOT,
                        "%.2f %% of what its class scores say is lost",
                        100 * lostShare().orElse(0));
    }
}
