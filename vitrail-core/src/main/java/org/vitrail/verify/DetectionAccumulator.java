package org.vitrail.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.vitrail.detection.CocoEvaluation;
import org.vitrail.detection.CocoMetrics;
import org.vitrail.detection.DetectedImage;
import org.vitrail.detection.Detection;
import org.vitrail.detection.DetrPostprocessing;
import org.vitrail.task.Answer;
import org.vitrail.task.Logits;
import org.vitrail.tensor.VitrailException;

/** Accumulates {@link DetectionMetrics}, one example after the other; keeps every detection. */
final class DetectionAccumulator implements MetricAccumulator {
    /** Least intersection over union of boxes that count as the same object. */
    private static final double MIN_MATCH_IOU = 0.5;

    private final List<DetectedImage> annotated = new ArrayList<>();
    private final List<DetectedImage> compared = new ArrayList<>();
    private int examples;
    private int referenceBoxes;
    private int boxes;
    private int matched;
    private double iouSum;
    private double klNats;
    private double decidedNats;

    @Override
    public void add(Answer answer, Optional<Answer> reference, GroundTruth truth) {
        Answer.Objects objects = (Answer.Objects) answer;
        examples++;
        truth.objects().ifPresent(known -> annotated.add(new DetectedImage(known, objects.detections())));
        reference.ifPresent(other -> compare((Answer.Objects) other, objects));
    }

    private void compare(Answer.Objects reference, Answer.Objects model) {
        List<Detection> wanted = confident(reference);
        List<Detection> got = confident(model);
        compared.add(DetectedImage.against(wanted, model.detections()));
        referenceBoxes += wanted.size();
        boxes += got.size();
        match(wanted, got);
        if (reference.logits().length != model.logits().length || reference.width() != model.width()) {
            throw new VitrailException("the two models cannot be compared: one has "
                    + reference.logits().length / reference.width() + " queries for " + (reference.width() - 1)
                    + " classes, the other " + model.logits().length / model.width() + " for " + (model.width() - 1));
        }
        for (int from = 0; from < model.logits().length; from += model.width()) {
            float[] p = Arrays.copyOfRange(reference.logits(), from, from + model.width());
            klNats += Logits.klNats(p, Arrays.copyOfRange(model.logits(), from, from + model.width()));
            decidedNats += Logits.klNats(p, new float[model.width()]);
        }
    }

    private static List<Detection> confident(Answer.Objects objects) {
        return objects.detections().stream()
                .filter(detection -> detection.score() >= DetrPostprocessing.MIN_DISPLAY_SCORE)
                .sorted(Comparator.comparingDouble(Detection::score).reversed())
                .toList();
    }

    /** Matches each box with the closest unmatched box of its class, in descending order of scores. */
    private void match(List<Detection> wanted, List<Detection> got) {
        List<Detection> free = new ArrayList<>(wanted);
        for (Detection detection : got) {
            Optional<Detection> closest = free.stream()
                    .filter(other -> other.label() == detection.label())
                    .filter(other -> other.box().iou(detection.box()) >= MIN_MATCH_IOU)
                    .max(Comparator.comparingDouble(other -> other.box().iou(detection.box())));
            closest.ifPresent(other -> {
                free.remove(other);
                matched++;
                iouSum += other.box().iou(detection.box());
            });
        }
    }

    @Override
    public TaskMetrics metrics() {
        return new DetectionMetrics(
                examples,
                annotated.size(),
                compared.size(),
                figures(annotated),
                figures(compared),
                referenceBoxes,
                boxes,
                matched,
                iouSum / matched,
                klNats,
                decidedNats);
    }

    private static Optional<CocoMetrics> figures(List<DetectedImage> images) {
        return images.stream().allMatch(image -> image.objects().isEmpty())
                ? Optional.empty()
                : Optional.of(CocoEvaluation.of(images));
    }
}
