package org.vitrail.detection;

import java.util.Comparator;
import java.util.List;

/**
 * Matches the detections of one class in one image with the objects of that class, as {@code COCOeval.evaluateImg} of
 * pycocotools does. Detections are processed by falling score; each takes the unmatched object with the highest IoU
 * that reaches the threshold, counted objects before ignored ones. For a crowd, IoU is the share of the detection
 * inside it, and any number of detections may match it.
 */
final class Matching {
    /** The largest number of detections of a class in an image that are evaluated. */
    static final int MAX_DETECTIONS = 100;

    private static final double MAX_IOU_THRESHOLD = 1 - 1e-10;

    private final List<GroundTruthObject> objects;
    private final List<Detection> detections;

    /** IoU by detection and object. */
    private final double[][] ious;

    Matching(List<GroundTruthObject> objects, List<Detection> detections) {
        this.objects = objects;
        this.detections = detections.stream()
                .sorted(Comparator.comparingDouble(Detection::score).reversed())
                .limit(MAX_DETECTIONS)
                .toList();
        this.ious = new double[this.detections.size()][objects.size()];
        for (int d = 0; d < ious.length; d++) {
            for (int o = 0; o < objects.size(); o++) {
                ious[d][o] = overlap(this.detections.get(d).box(), objects.get(o));
            }
        }
    }

    private static double overlap(Box detection, GroundTruthObject object) {
        double shared = detection.intersection(object.box());
        return shared == 0 ? 0 : object.crowd() ? shared / detection.area() : detection.iou(object.box());
    }

    /**
     * The result for objects of one area range.
     *
     * @param scores the scores of the detections, the highest first
     * @param matched whether a detection is matched, by threshold and detection
     * @param ignored whether a detection is ignored (neither right nor wrong), by threshold and detection
     * @param counted number of objects that should be found
     */
    record Result(double[] scores, boolean[][] matched, boolean[][] ignored, int counted) {}

    Result of(AreaRange range, double[] thresholds) {
        boolean[] countsNot = new boolean[objects.size()];
        int counted = 0;
        for (int o = 0; o < countsNot.length; o++) {
            countsNot[o] = objects.get(o).crowd() || !range.holds(objects.get(o).area());
            counted += countsNot[o] ? 0 : 1;
        }
        boolean[][] matched = new boolean[thresholds.length][detections.size()];
        boolean[][] ignored = new boolean[thresholds.length][detections.size()];
        for (int t = 0; t < thresholds.length; t++) {
            boolean[] taken = new boolean[objects.size()];
            for (int d = 0; d < detections.size(); d++) {
                int found = best(ious[d], Math.min(thresholds[t], MAX_IOU_THRESHOLD), taken, countsNot, false);
                if (found < 0) {
                    found = best(ious[d], Math.min(thresholds[t], MAX_IOU_THRESHOLD), taken, countsNot, true);
                }
                if (found >= 0) {
                    taken[found] = true;
                    matched[t][d] = true;
                    ignored[t][d] = countsNot[found];
                } else {
                    ignored[t][d] = !range.holds(detections.get(d).box().area());
                }
            }
        }
        double[] scores = detections.stream().mapToDouble(Detection::score).toArray();
        return new Result(scores, matched, ignored, counted);
    }

    /**
     * Returns the last of the objects with the highest IoU, among the counted or among the ignored objects; −1 if there
     * is none.
     */
    private int best(double[] iou, double threshold, boolean[] taken, boolean[] countsNot, boolean amongIgnored) {
        int best = -1;
        double least = threshold;
        for (int o = 0; o < iou.length; o++) {
            boolean free = !taken[o] || objects.get(o).crowd();
            if (free && countsNot[o] == amongIgnored && iou[o] >= least) {
                least = iou[o];
                best = o;
            }
        }
        return best;
    }
}
