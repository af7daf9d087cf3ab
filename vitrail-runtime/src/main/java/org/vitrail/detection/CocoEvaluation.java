package org.vitrail.detection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Computes mean average precision as COCO defines it, with the same results as {@code COCOeval(iouType="bbox")} of
 * pycocotools 2.0. For a class, an IoU threshold and an area range, the detections of all images, sorted by score, give
 * precision {@code tp / (tp + fp)} and recall {@code tp / objects} after each detection; precision is made
 * non-increasing and read at 101 recalls from 0 to 1:
 *
 * <pre>  AP = mean over r of max { precision at recall ≥ r }</pre>
 */
public final class CocoEvaluation {
    /** IoU thresholds .50, .55 … .95, as numpy's linspace gives them. */
    private static final double[] IOU_THRESHOLDS = IntStream.range(0, 10)
            .mapToDouble(i -> i == 9 ? 0.95 : 0.5 + i * ((0.95 - 0.5) / 9))
            .toArray();

    private static final double[] RECALLS =
            IntStream.range(0, 101).mapToDouble(i -> i == 100 ? 1 : i * 0.01).toArray();

    /** Indices of .50 and .75 in {@link #IOU_THRESHOLDS}. */
    private static final int INDEX_OF_50 = 0;

    private static final int INDEX_OF_75 = 5;

    private final List<List<Matching>> matchings = new ArrayList<>();

    private CocoEvaluation(List<DetectedImage> images) {
        Map<Integer, List<Matching>> byLabel = new TreeMap<>();
        for (DetectedImage image : images) {
            Map<Integer, List<GroundTruthObject>> objects = new TreeMap<>();
            Map<Integer, List<Detection>> detections = new TreeMap<>();
            for (GroundTruthObject object : image.objects()) {
                objects.computeIfAbsent(object.label(), label -> new ArrayList<>())
                        .add(object);
                detections.computeIfAbsent(object.label(), label -> new ArrayList<>());
            }
            for (Detection detection : image.detections()) {
                detections
                        .computeIfAbsent(detection.label(), label -> new ArrayList<>())
                        .add(detection);
            }
            detections.forEach((label, seen) -> byLabel.computeIfAbsent(label, key -> new ArrayList<>())
                    .add(new Matching(objects.getOrDefault(label, List.of()), seen)));
        }
        matchings.addAll(byLabel.values());
    }

    /**
     * Computes the twelve metrics.
     *
     * @param images images in the order of their ids, which decides between detections of equal score
     */
    public static CocoMetrics of(List<DetectedImage> images) {
        CocoEvaluation evaluation = new CocoEvaluation(images);
        List<Curve> all = evaluation.curves(AreaRange.ALL, 100);
        List<Curve> small = evaluation.curves(AreaRange.SMALL, 100);
        List<Curve> medium = evaluation.curves(AreaRange.MEDIUM, 100);
        List<Curve> large = evaluation.curves(AreaRange.LARGE, 100);
        return new CocoMetrics(
                precision(all, 0, IOU_THRESHOLDS.length),
                precision(all, INDEX_OF_50, INDEX_OF_50 + 1),
                precision(all, INDEX_OF_75, INDEX_OF_75 + 1),
                precision(small, 0, IOU_THRESHOLDS.length),
                precision(medium, 0, IOU_THRESHOLDS.length),
                precision(large, 0, IOU_THRESHOLDS.length),
                recall(evaluation.curves(AreaRange.ALL, 1)),
                recall(evaluation.curves(AreaRange.ALL, 10)),
                recall(all),
                recall(small),
                recall(medium),
                recall(large));
    }

    /** The curve of one class: precision by threshold and recall, and the highest recall by threshold. */
    private record Curve(double[][] precision, double[] recall) {}

    /** The curves of the classes that have an object to be found. */
    private List<Curve> curves(AreaRange range, int mostDetections) {
        List<Curve> curves = new ArrayList<>();
        for (List<Matching> ofLabel : matchings) {
            List<Matching.Result> results = ofLabel.stream()
                    .map(matching -> matching.of(range, IOU_THRESHOLDS))
                    .toList();
            int objects = results.stream().mapToInt(Matching.Result::counted).sum();
            if (objects > 0) {
                curves.add(curve(results, objects, mostDetections));
            }
        }
        return curves;
    }

    /** A detection, by its index in the results of an image. */
    private record RankedDetection(Matching.Result picture, int detection) {
        double score() {
            return picture.scores()[detection];
        }
    }

    private static Curve curve(List<Matching.Result> results, int objects, int mostDetections) {
        List<RankedDetection> ranked = results.stream()
                .flatMap(result -> IntStream.range(0, Math.min(mostDetections, result.scores().length))
                        .mapToObj(detection -> new RankedDetection(result, detection)))
                .sorted(Comparator.comparingDouble(RankedDetection::score).reversed())
                .toList();
        Curve curve = new Curve(new double[IOU_THRESHOLDS.length][], new double[IOU_THRESHOLDS.length]);
        for (int t = 0; t < IOU_THRESHOLDS.length; t++) {
            double[] precision = new double[ranked.size()];
            double[] recall = new double[ranked.size()];
            int right = 0;
            int wrong = 0;
            for (int i = 0; i < precision.length; i++) {
                RankedDetection ranking = ranked.get(i);
                if (!ranking.picture.ignored()[t][ranking.detection]) {
                    right += ranking.picture.matched()[t][ranking.detection] ? 1 : 0;
                    wrong += ranking.picture.matched()[t][ranking.detection] ? 0 : 1;
                }
                recall[i] = (double) right / objects;
                precision[i] = right / (right + wrong + Math.ulp(1.0));
            }
            curve.recall[t] = recall.length == 0 ? 0 : recall[recall.length - 1];
            curve.precision[t] = atRecalls(precision, recall);
        }
        return curve;
    }

    /** The highest precision at each recall or above it; 0 beyond the highest recall reached. */
    private static double[] atRecalls(double[] precision, double[] recall) {
        for (int i = precision.length - 1; i > 0; i--) {
            precision[i - 1] = Math.max(precision[i - 1], precision[i]);
        }
        double[] read = new double[RECALLS.length];
        int i = 0;
        for (int r = 0; r < read.length; r++) {
            while (i < recall.length && recall[i] < RECALLS[r]) {
                i++;
            }
            read[r] = i < recall.length ? precision[i] : 0;
        }
        return read;
    }

    private static double precision(List<Curve> curves, int fromThreshold, int toThreshold) {
        return curves.stream()
                .flatMap(curve -> Arrays.stream(curve.precision, fromThreshold, toThreshold))
                .flatMapToDouble(Arrays::stream)
                .average()
                .orElse(Double.NaN);
    }

    private static double recall(List<Curve> curves) {
        return curves.stream()
                .flatMapToDouble(curve -> Arrays.stream(curve.recall))
                .average()
                .orElse(Double.NaN);
    }
}
