package org.vitrail.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.vitrail.detection.CocoEvaluation;
import org.vitrail.detection.CocoMetrics;
import org.vitrail.detection.DetectedImage;
import org.vitrail.detection.Detection;
import org.vitrail.detection.DetrPostprocessing;
import org.vitrail.detection.GroundTruthObject;
import org.vitrail.task.Answer;
import org.vitrail.task.Logits;
import org.vitrail.tensor.VitrailException;
import org.vitrail.wire.WireInput;
import org.vitrail.wire.WireOutput;

/** Accumulates {@link DetectionMetrics}; keeps every detection, image by image. */
final class DetectionAccumulator implements MetricAccumulator {
    /** Least intersection over union of boxes that count as the same object. */
    private static final double MIN_MATCH_IOU = 0.5;

    private final TreeMap<Integer, Kept> images = new TreeMap<>();

    /**
     * What is kept of an image.
     *
     * @param annotated the known objects and the model's detections
     * @param compared the reference model's confident detections as objects, and the model's detections
     * @param klNats sum over queries
     * @param decidedNats sum over queries
     * @param set the reference model's detections and the distance to them, where they have no order
     */
    private record Kept(
            Optional<DetectedImage> annotated,
            Optional<DetectedImage> compared,
            double klNats,
            double decidedNats,
            Optional<ReferenceSet> set) {}

    /**
     * Detections of the reference model without an order, boxes as shares of its region.
     *
     * @param distance of the model's detections
     */
    private record ReferenceSet(List<Detection> detections, DetectionDistance distance) {}

    @Override
    public void add(int example, Answer answer, Optional<Answer> reference, GroundTruth truth) {
        Answer.Objects objects = (Answer.Objects) answer;
        Optional<DetectedImage> annotated =
                truth.objects().map(known -> new DetectedImage(known, objects.detections()));
        images.put(
                example,
                reference
                        .map(other -> compare(annotated, (Answer.Objects) other, objects))
                        .orElse(new Kept(annotated, Optional.empty(), 0, 0, Optional.empty())));
    }

    private static Kept compare(Optional<DetectedImage> annotated, Answer.Objects reference, Answer.Objects model) {
        DetectedImage image = DetectedImage.against(confident(reference.detections()), model.detections());
        if (reference.queries().isEmpty() || model.queries().isEmpty()) {
            List<Detection> wanted = DetectionDistance.best(reference);
            return new Kept(
                    annotated,
                    Optional.of(image),
                    0,
                    0,
                    Optional.of(new ReferenceSet(
                            wanted, DetectionDistance.between(wanted, DetectionDistance.best(model)))));
        }
        return compare(
                annotated, image, reference.queries().get(), model.queries().get());
    }

    private static Kept compare(
            Optional<DetectedImage> annotated,
            DetectedImage image,
            Answer.QueryScores reference,
            Answer.QueryScores model) {
        if (reference.logits().length != model.logits().length || reference.width() != model.width()) {
            throw new VitrailException("the two models cannot be compared: one has "
                    + reference.logits().length / reference.width() + " queries for " + (reference.width() - 1)
                    + " classes, the other " + model.logits().length / model.width() + " for " + (model.width() - 1));
        }
        double klNats = 0;
        double decidedNats = 0;
        for (int from = 0; from < model.logits().length; from += model.width()) {
            float[] p = Arrays.copyOfRange(reference.logits(), from, from + model.width());
            klNats += Logits.klNats(p, Arrays.copyOfRange(model.logits(), from, from + model.width()));
            decidedNats += Logits.klNats(p, new float[model.width()]);
        }
        return new Kept(annotated, Optional.of(image), klNats, decidedNats, Optional.empty());
    }

    private static List<Detection> confident(List<Detection> detections) {
        return detections.stream()
                .filter(detection -> detection.score() >= DetrPostprocessing.MIN_DISPLAY_SCORE)
                .sorted(Comparator.comparingDouble(Detection::score).reversed())
                .toList();
    }

    @Override
    public void merge(MetricAccumulator more) {
        images.putAll(((DetectionAccumulator) more).images);
    }

    @Override
    public int examples() {
        return images.size();
    }

    /** Sums over images, in the order of their numbers. */
    @Override
    public TaskMetrics metrics() {
        List<DetectedImage> annotated = images.values().stream()
                .flatMap(kept -> kept.annotated.stream())
                .toList();
        List<DetectedImage> compared =
                images.values().stream().flatMap(kept -> kept.compared.stream()).toList();
        int referenceBoxes = 0;
        int boxes = 0;
        int matched = 0;
        double iouSum = 0;
        for (DetectedImage image : compared) {
            List<Detection> got = confident(image.detections());
            List<Double> ious = match(image.objects(), got);
            referenceBoxes += image.objects().size();
            boxes += got.size();
            matched += ious.size();
            for (double iou : ious) {
                iouSum += iou;
            }
        }
        double klNats = 0;
        double decidedNats = 0;
        for (Kept kept : images.values()) {
            klNats += kept.klNats;
            decidedNats += kept.decidedNats;
        }
        List<ReferenceSet> sets =
                images.values().stream().flatMap(kept -> kept.set.stream()).toList();
        return new DetectionMetrics(
                images.size(),
                annotated.size(),
                compared.size(),
                figures(annotated),
                figures(compared),
                referenceBoxes,
                boxes,
                matched,
                iouSum / matched,
                klNats,
                decidedNats,
                sum(sets.stream().map(ReferenceSet::distance)).mean(),
                sum(IntStream.range(1, sets.size())
                                .mapToObj(i ->
                                        DetectionDistance.between(sets.get(i - 1).detections, sets.get(i).detections)))
                        .mean());
    }

    private static DetectionDistance sum(Stream<DetectionDistance> distances) {
        return distances.reduce(DetectionDistance.NONE, DetectionDistance::plus);
    }

    /**
     * Matches each box with the closest unmatched box of its class, in descending order of scores; returns the
     * intersections over union of the pairs.
     */
    private static List<Double> match(List<GroundTruthObject> wanted, List<Detection> got) {
        List<GroundTruthObject> free = new ArrayList<>(wanted);
        List<Double> ious = new ArrayList<>();
        for (Detection detection : got) {
            Optional<GroundTruthObject> closest = free.stream()
                    .filter(other -> other.label() == detection.label())
                    .filter(other -> other.box().iou(detection.box()) >= MIN_MATCH_IOU)
                    .max(Comparator.comparingDouble(other -> other.box().iou(detection.box())));
            closest.ifPresent(other -> {
                free.remove(other);
                ious.add(other.box().iou(detection.box()));
            });
        }
        return ious;
    }

    private static Optional<CocoMetrics> figures(List<DetectedImage> images) {
        return images.stream().allMatch(image -> image.objects().isEmpty())
                ? Optional.empty()
                : Optional.of(CocoEvaluation.of(images));
    }

    @Override
    public void write(WireOutput out) throws IOException {
        out.integer(images.size());
        for (Map.Entry<Integer, Kept> image : images.entrySet()) {
            Kept kept = image.getValue();
            out.integer(image.getKey());
            DetectionsWire.write(kept.annotated, kept.compared, out);
            out.float64(kept.klNats);
            out.float64(kept.decidedNats);
            out.flag(kept.set.isPresent());
            if (kept.set.isPresent()) {
                DetectionsWire.write(kept.set.get().detections, out);
                out.float64(kept.set.get().distance.sum());
                out.float64(kept.set.get().distance.weight());
            }
        }
    }

    /** @param numbers the examples of the evaluation */
    static DetectionAccumulator read(WireInput in, ExampleNumbers numbers) throws IOException {
        DetectionAccumulator accumulator = new DetectionAccumulator();
        int images = in.count(0, Integer.MAX_VALUE);
        for (int i = 0; i < images; i++) {
            int example = in.integer();
            DetectionsWire read = DetectionsWire.read(in);
            Kept kept = new Kept(read.annotated(), read.compared(), in.float64(), in.float64(), set(in));
            if (!numbers.contains(example) || accumulator.images.put(example, kept) != null) {
                throw new IllegalArgumentException("detections of example " + example);
            }
            if (!(kept.klNats >= 0 && kept.decidedNats >= 0)) {
                throw new IllegalArgumentException("a divergence of " + kept.klNats + " and " + kept.decidedNats);
            }
        }
        return accumulator;
    }

    private static Optional<ReferenceSet> set(WireInput in) throws IOException {
        if (!in.flag()) {
            return Optional.empty();
        }
        List<Detection> detections = DetectionsWire.detections(in);
        DetectionDistance distance = new DetectionDistance(in.float64(), in.float64());
        if (detections.size() > DetectionDistance.MAX_DETECTIONS || !(distance.sum() >= 0 && distance.weight() >= 0)) {
            throw new IllegalArgumentException(detections.size() + " detections at a distance of " + distance);
        }
        return Optional.of(new ReferenceSet(detections, distance));
    }
}
