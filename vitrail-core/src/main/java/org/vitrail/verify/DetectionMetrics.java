package org.vitrail.verify;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.vitrail.detection.CocoFigures;

/**
 * How a detector did.
 *
 * @param annotated examples whose objects are known
 * @param coco by the known objects; empty where none are known
 * @param cocoToReference with what the reference model sees confidently as the objects to be found; empty where it sees
 *     nothing
 * @param referenceBoxes objects that the reference model sees confidently
 * @param boxes objects that the model sees confidently
 * @param matched pairs of these of one class, with an IoU of .5 at least
 * @param meanMatchedIou of those pairs; NaN where there are none
 * @param klNats sum over queries of KL(reference || model) of their classes
 * @param decidedNats sum over queries of KL(reference || uniform): how decided the reference model is
 */
public record DetectionMetrics(
        int examples,
        int annotated,
        int compared,
        Optional<CocoFigures> coco,
        Optional<CocoFigures> cocoToReference,
        int referenceBoxes,
        int boxes,
        int matched,
        double meanMatchedIou,
        double klNats,
        double decidedNats)
        implements TaskMetrics {

    /** The share of all objects that either model sees which the other one sees, too: {@code 2·matched / (a + b)}. */
    @Override
    public OptionalDouble agreement() {
        return referenceBoxes + boxes == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(2.0 * matched / (referenceBoxes + boxes));
    }

    @Override
    public OptionalDouble lostShare() {
        return compared == 0 ? OptionalDouble.empty() : OptionalDouble.of(klNats / Math.max(decidedNats, 1e-12));
    }

    @Override
    public List<Figure> figures() {
        return List.of(
                Figure.number("AP", of(coco, CocoFigures::ap)),
                Figure.number("AP50", of(coco, CocoFigures::ap50)),
                Figure.number("AP75", of(coco, CocoFigures::ap75)),
                Figure.detail("AP small", of(coco, CocoFigures::apSmall)),
                Figure.detail("AP medium", of(coco, CocoFigures::apMedium)),
                Figure.detail("AP large", of(coco, CocoFigures::apLarge)),
                Figure.detail("AR1", of(coco, CocoFigures::ar1)),
                Figure.detail("AR10", of(coco, CocoFigures::ar10)),
                Figure.detail("AR100", of(coco, CocoFigures::ar100)),
                Figure.detail("AR small", of(coco, CocoFigures::arSmall)),
                Figure.detail("AR medium", of(coco, CocoFigures::arMedium)),
                Figure.detail("AR large", of(coco, CocoFigures::arLarge)),
                Figure.share("same boxes", compared == 0 ? OptionalDouble.empty() : agreement()),
                Figure.number("their IoU", present(meanMatchedIou)),
                Figure.number("AP to float", of(cocoToReference, CocoFigures::ap)),
                Figure.share("lost", lostShare()));
    }

    private static OptionalDouble of(Optional<CocoFigures> figures, ToDoubleFunction<CocoFigures> figure) {
        return figures.map(all -> present(figure.applyAsDouble(all))).orElse(OptionalDouble.empty());
    }

    private static OptionalDouble present(double value) {
        return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    @Override
    public String found() {
        return agreement().isEmpty()
                ? "neither model sees an object in the " + compared + " held-back images"
                : String.format(
                        Locale.ROOT,
                        "%d of the %d boxes that the float model sees in %d held-back images are seen again, and %d others"
                                + " (agreement %.1f %%)",
                        matched,
                        referenceBoxes,
                        compared,
                        boxes - matched,
                        100 * agreement().getAsDouble());
    }

    @Override
    public String closeness() {
        return String.format(
                Locale.ROOT,
                "%.2f %% of what its class scores say is lost",
                100 * lostShare().orElse(0));
    }
}
