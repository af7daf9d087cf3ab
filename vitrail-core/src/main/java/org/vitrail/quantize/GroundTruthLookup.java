package org.vitrail.quantize;

import java.util.Map;
import java.util.Optional;
import org.vitrail.Model;
import org.vitrail.detection.CocoAnnotations;
import org.vitrail.image.ImageSource;
import org.vitrail.task.Task;
import org.vitrail.tensor.VitrailException;
import org.vitrail.verify.GroundTruth;

/**
 * Looks up the ground truth of images: labels of their source and annotated objects.
 *
 * @param labels the model's class of each category
 */
record GroundTruthLookup(Optional<CocoAnnotations> annotations, Map<Long, Integer> labels) {
    static GroundTruthLookup of(Model model, Optional<CocoAnnotations> annotations) {
        annotations.ifPresent(known -> {
            if (model.task().task().kind() != Task.Kind.DETECTION) {
                throw new VitrailException(known.file() + " lists objects with their boxes, but the model is made for "
                        + model.task().describe() + ": only detectors can be measured by them");
            }
        });
        return new GroundTruthLookup(
                annotations,
                annotations
                        .map(known ->
                                known.labels(model.classNames(), model.classes().orElse(Integer.MAX_VALUE)))
                        .orElse(Map.of()));
    }

    GroundTruth of(ImageSource images, int index) {
        return new GroundTruth(
                images.label(index),
                annotations.flatMap(known -> known.ofName(images.name(index))).map(image -> image.truth(labels)));
    }
}
