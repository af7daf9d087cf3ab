package org.vitrail;

import java.util.Map;
import java.util.Optional;
import org.vitrail.detection.CocoAnnotations;
import org.vitrail.image.ImageSource;
import org.vitrail.tensor.VitrailException;
import org.vitrail.verify.Task;
import org.vitrail.verify.Truth;

/**
 * What is known of images: the labels that their source has, and the objects that annotations list.
 *
 * @param labels the model's class of each category
 */
record Truths(Optional<CocoAnnotations> annotations, Map<Long, Integer> labels) {
    static Truths of(Model model, Optional<CocoAnnotations> annotations) {
        annotations.ifPresent(known -> {
            if (model.task().task().kind() != Task.Kind.DETECTION) {
                throw new VitrailException(known.file() + " lists objects with their boxes, but the model is made for "
                        + model.task().describe() + ": only detectors can be measured by them");
            }
        });
        return new Truths(
                annotations,
                annotations
                        .map(known ->
                                known.labels(model.classNames(), model.classes().orElse(Integer.MAX_VALUE)))
                        .orElse(Map.of()));
    }

    Truth of(ImageSource images, int index) {
        return new Truth(
                images.label(index),
                annotations.flatMap(known -> known.ofName(images.name(index))).map(image -> image.truth(labels)));
    }
}
