package org.vitrail.detection;

import java.util.ArrayList;
import java.util.List;
import org.vitrail.image.Region;

/**
 * Reads detections from the outputs of a DETR-like detector, each of whose queries finds one object or none.
 *
 * <p>The class probabilities of a query are the softmax of its scores, the last of which stands for "no object"; the
 * query's score is the probability of its best class. Its box (centre x, centre y, width, height) is relative to the
 * region that the model sees (Carion et al. 2020, "End-to-End Object Detection with Transformers").
 */
public final class DetrPostprocessing {
    /** The lowest score of a detection that is shown to users. */
    public static final double MIN_DISPLAY_SCORE = 0.5;

    private static final int BOX_COORDINATES = 4;

    private DetrPostprocessing() {}

    /**
     * Returns one detection for each query, in their order, whatever its score.
     *
     * @param scores (queries, classes + 1), before the softmax
     * @param boxes (queries, 4)
     * @param region the part of the image to which the boxes are relative
     */
    public static List<Detection> decode(float[] scores, float[] boxes, Region region) {
        int queries = boxes.length / BOX_COORDINATES;
        if (queries == 0
                || boxes.length % BOX_COORDINATES != 0
                || scores.length % queries != 0
                || scores.length < 2 * queries) {
            throw new IllegalArgumentException("expected scores (queries, classes + 1) and boxes (queries, 4), got "
                    + scores.length + " and " + boxes.length + " numbers");
        }
        int width = scores.length / queries;
        List<Detection> detections = new ArrayList<>(queries);
        for (int query = 0; query < queries; query++) {
            int best = best(scores, query * width, width - 1);
            detections.add(new Detection(
                    best,
                    probability(scores, query * width, width, best),
                    box(boxes, query * BOX_COORDINATES, region)));
        }
        return detections;
    }

    private static int best(float[] scores, int from, int classes) {
        int best = 0;
        for (int label = 1; label < classes; label++) {
            best = scores[from + label] > scores[from + best] ? label : best;
        }
        return best;
    }

    private static double probability(float[] scores, int from, int width, int label) {
        double sum = 0;
        for (int i = 0; i < width; i++) {
            sum += StrictMath.exp(scores[from + i] - scores[from + label]);
        }
        return 1 / sum;
    }

    /** Returns the box (centre x, centre y, width, height as shares of the region) at this index. */
    public static Box box(float[] boxes, int at, Region region) {
        double width = Math.max(0, boxes[at + 2]);
        double height = Math.max(0, boxes[at + 3]);
        return new Box(
                region.left() + (boxes[at] - width / 2) * region.width(),
                region.top() + (boxes[at + 1] - height / 2) * region.height(),
                width * region.width(),
                height * region.height());
    }
}
