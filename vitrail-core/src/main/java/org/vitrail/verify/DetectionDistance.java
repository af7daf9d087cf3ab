package org.vitrail.verify;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.vitrail.detection.Box;
import org.vitrail.detection.Detection;
import org.vitrail.image.Region;
import org.vitrail.task.Answer;

/**
 * The distance of two sets of detections, as sums over pairs of detections.
 *
 * <p>Boxes are shares of the region. Pairs are matched by rising distance: the mean difference of the centres and extents,
 * plus the difference of the scores for the same class, or the larger score for different classes. The mean weighs a pair by
 * its larger score. A detection without a partner has its score as distance.
 *
 * @param sum weighted sum of the distances
 * @param weight sum of the weights
 */
record DetectionDistance(double sum, double weight) {
    static final DetectionDistance NONE = new DetectionDistance(0, 0);

    /** Largest number of detections of an image that are matched, by falling score: time grows with its square. */
    static final int MAX_DETECTIONS = 300;

    /** A possible pair of detections. */
    private record Pair(int one, int other, double distance) {}

    static DetectionDistance between(List<Detection> wanted, List<Detection> got) {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            double[] box = coordinates(wanted.get(i).box());
            for (int j = 0; j < got.size(); j++) {
                double ofBoxes = difference(box, coordinates(got.get(j).box()));
                pairs.add(new Pair(i, j, ofBoxes + ofClasses(wanted.get(i), got.get(j))));
            }
        }
        pairs.sort(Comparator.comparingDouble(Pair::distance));
        BitSet taken = new BitSet();
        BitSet given = new BitSet();
        DetectionDistance total = NONE;
        for (Pair pair : pairs) {
            if (!taken.get(pair.one) && !given.get(pair.other)) {
                taken.set(pair.one);
                given.set(pair.other);
                double score = Math.max(
                        wanted.get(pair.one).score(), got.get(pair.other).score());
                total = total.plus(new DetectionDistance(score * pair.distance, score));
            }
        }
        return total.plus(alone(wanted, taken)).plus(alone(got, given));
    }

    /** Returns the best detections of an answer, with boxes as shares of its region. */
    static List<Detection> best(Answer.Objects objects) {
        return objects.detections().stream()
                .sorted(Comparator.comparingDouble(Detection::score).reversed())
                .limit(MAX_DETECTIONS)
                .map(detection ->
                        new Detection(detection.label(), detection.score(), shares(detection.box(), objects.region())))
                .toList();
    }

    private static Box shares(Box box, Region region) {
        return new Box(
                (box.left() - region.left()) / region.width(),
                (box.top() - region.top()) / region.height(),
                box.width() / region.width(),
                box.height() / region.height());
    }

    private static double[] coordinates(Box box) {
        return new double[] {box.left() + box.width() / 2, box.top() + box.height() / 2, box.width(), box.height()};
    }

    private static double difference(double[] one, double[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += Math.min(1, Math.abs(one[i] - other[i]));
        }
        return sum / one.length;
    }

    private static double ofClasses(Detection one, Detection other) {
        return one.label() == other.label()
                ? Math.abs(one.score() - other.score())
                : Math.max(one.score(), other.score());
    }

    private static DetectionDistance alone(List<Detection> detections, BitSet matched) {
        DetectionDistance total = NONE;
        for (int i = matched.nextClearBit(0); i < detections.size(); i = matched.nextClearBit(i + 1)) {
            double score = detections.get(i).score();
            total = total.plus(new DetectionDistance(score * score, score));
        }
        return total;
    }

    DetectionDistance plus(DetectionDistance other) {
        return new DetectionDistance(sum + other.sum, weight + other.weight);
    }

    /** The mean distance; NaN without detections. */
    double mean() {
        return weight == 0 ? Double.NaN : sum / weight;
    }
}
